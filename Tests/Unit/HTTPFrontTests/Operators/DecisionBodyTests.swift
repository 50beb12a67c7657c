import StrictJSON
import Charges
import HTTPFront
import Testing

/// Tests of the body of an accept call: its mandatory fields, and the errors without them.
@Suite struct DecisionBodyTests {
    private static let good = BodyFixture.item("N1", "c1")

    private func expectRefusal(_ body: String, _ summary: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(body)
        #expect(try answer.summary == summary)
        #expect(try answer.data == .object([]))
        #expect(front.decisions.calls.isEmpty)
    }

    @Test("A call of 1 to 50 charges is accepted", arguments: [1, 2, 49, 50])
    func oneToFiftyChargesAreTaken(count: Int) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(BodyFixture.charges(count: count))
        #expect(try answer.summary == "200 OK: ")
        #expect(front.decisions.calls.map(\.items.count) == [count])
    }

    @Test("A call of more than 50 charges is refused", arguments: [51, 1000])
    func moreThanFiftyAreRefused(count: Int) async throws {
        let summary = "accepted_charges_set has \(count) charges; send at most 50 in one call."
        try await expectRefusal(BodyFixture.charges(count: count), "400 TOO_MANY_CHARGES: \(summary)")
        let nulls = "[" + Array(repeating: "null", count: count).joined(separator: ",") + "]"
        try await expectRefusal(BodyFixture.charges(nulls), "400 TOO_MANY_CHARGES: \(summary)")
    }

    @Test(
        "The set must be a non-empty array",
        arguments: [
            ("{}", "MISSING_PARAMETER: accepted_charges_set is missing."),
            (BodyFixture.charges("null"), "MISSING_PARAMETER: accepted_charges_set is missing."),
            (
                #"{"Accepted_charges_set": [], "accepted_charges_set ": []}"#,
                "MISSING_PARAMETER: accepted_charges_set is missing."
            ),
            (
                BodyFixture.charges("[]"),
                "MISSING_PARAMETER: accepted_charges_set is empty; send 1 to 50 charges."
            ),
            (BodyFixture.charges("{}"), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (BodyFixture.charges(good), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (BodyFixture.charges(#""[]""#), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (BodyFixture.charges("0"), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (BodyFixture.charges("false"), "INVALID_PARAMETER: accepted_charges_set must be an array."),
        ])
    func theSetMustBeThereAndBeAnArray(_ body: String, _ summary: String) async throws {
        try await expectRefusal(body, "400 \(summary)")
    }

    @Test("The body must be an object", arguments: ["[]", "null", "1", "true", #""text""#])
    func theBodyMustBeAnObject(_ body: String) async throws {
        try await expectRefusal(body, "400 INVALID_PARAMETER: The body must be a JSON object.")
    }

    @Test("Each charge must be an object", arguments: ["null", "1", "false", "[]", #""N1""#])
    func eachChargeMustBeAnObject(_ charge: String) async throws {
        try await expectRefusal(
            BodyFixture.charges("[\(Self.good), \(charge), \(Self.good)]"),
            "400 INVALID_PARAMETER: accepted_charges_set[1] must be an object.")
    }

    @Test(
        "A missing or empty mandatory field is named",
        arguments: ["number", "billing_system_customer_identifier"], [nil, "null", "\"\""])
    func aMandatoryFieldMustBeThereAndNotBeEmpty(_ field: String, _ value: String?) async throws {
        try await expectRefusal(
            BodyFixture.charges(set(field: field, value: value)),
            "400 MISSING_PARAMETER: accepted_charges_set[3].\(field) is missing or empty.")
    }

    @Test(
        "A field of another type is named",
        arguments: ["number", "billing_system_customer_identifier", "reference_number"],
        ["0", "2706", "-1.5", "true", "false", "[]", "{}", #"["N1"]"#])
    func aFieldOfAnotherTypeIsRefused(_ field: String, _ value: String) async throws {
        try await expectRefusal(
            BodyFixture.charges(set(field: field, value: value)),
            "400 INVALID_PARAMETER: accepted_charges_set[3].\(field) must be a string.")
    }

    @Test("The first malformed charge is named")
    func theFirstChargeThatIsWrongIsNamed() async throws {
        try await expectRefusal(
            BodyFixture.charges(#"[\#(Self.good), {"number": "N2"}, {"number": 5}, 7]"#),
            "400 MISSING_PARAMETER: accepted_charges_set[1].billing_system_customer_identifier "
                + "is missing or empty.")
    }

    @Test("A duplicate name is refused")
    func aDuplicateNameIsRefused() async throws {
        try await expectRefusal(
            #"{"accepted_charges_set": [\#(Self.good)], "accepted_charges_set": []}"#,
            "400 INVALID_JSON: The body must be JSON: accepted_charges_set appears more than once.")
        try await expectRefusal(
            BodyFixture.charges(#"[\#(Self.good), {"number": "N1", "n\u0075mber": "N2"}]"#),
            "400 INVALID_JSON: The body must be JSON: accepted_charges_set[1].number appears more than once.")
        try await expectRefusal(
            #"{"x": {"y": 1, "y": 1}, "accepted_charges_set": [\#(Self.good)]}"#,
            "400 INVALID_JSON: The body must be JSON: x.y appears more than once.")
    }

    @Test(
        "A body that is not JSON is refused",
        arguments: ["", " ", "{", "accepted=1", "\u{FEFF}", "{}{}", "<xml/>", #"{"a": "\ud800"}"#])
    func whatIsNotJSONIsRefused(_ body: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(body)
        #expect(answer.status == 400)
        #expect(try answer.code == "INVALID_JSON")
        #expect(try answer.description.hasPrefix("The body must be JSON: "))
        #expect(try answer.data == .object([]))
        #expect(front.decisions.calls.isEmpty)
    }

    @Test("Unknown fields are ignored")
    func unknownFieldsAreIgnored() async throws {
        let front = TestServerFixture()
        let charge = #"{"extra": [1, {"number": "N9"}], \#(Self.good.dropFirst())"#
        let answer = try await front.accept(
            #"{"number": "N8", "declined_charges_set": [1], "accepted_charges_set": [\#(charge)], "": null}"#)
        #expect(try answer.summary == "200 OK: ")
        #expect(front.decisions.calls.map { $0.items.map(\.number) } == [["N1"]])
    }

    /// Four charges, of which the last one has another value for a field, or lacks it.
    private func set(field: String, value: String?) -> String {
        var fields = [
            "number": #""N4""#, "billing_system_customer_identifier": #""c4""#, "reference_number": #""R4""#,
        ]
        fields[field] = value
        let last = fields.map { #""\#($0.key)": \#($0.value)"# }.sorted().joined(separator: ", ")
        let others = (1...3).map { BodyFixture.item("N\($0)", "c\($0)") }
        return "[" + (others + ["{\(last)}"]).joined(separator: ", ") + "]"
    }
}
