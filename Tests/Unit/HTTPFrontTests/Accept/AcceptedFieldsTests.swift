import StrictJSON
import Charges
import HTTPFront
import Testing

/// Tests of the body of an accept call: its mandatory fields, and the errors without them.
@Suite struct AcceptedFieldsTests {
    private static let good = Body.item("N1", "c1")

    private func expectRefusal(_ body: String, _ summary: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(body)
        #expect(try answer.summary == summary)
        #expect(try answer.data == .object([]))
        #expect(front.decisions.calls.isEmpty)
    }

    @Test(arguments: [1, 2, 49, 50])
    func oneToFiftyChargesAreTaken(count: Int) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(Body.charges(count: count))
        #expect(try answer.summary == "200 OK: ")
        #expect(front.decisions.calls.map(\.items.count) == [count])
    }

    @Test(arguments: [51, 1000])
    func moreThanFiftyAreRefused(count: Int) async throws {
        let summary = "accepted_charges_set has \(count) charges; send at most 50 in one call."
        try await expectRefusal(Body.charges(count: count), "400 TOO_MANY_CHARGES: \(summary)")
        let nulls = "[" + Array(repeating: "null", count: count).joined(separator: ",") + "]"
        try await expectRefusal(Body.charges(nulls), "400 TOO_MANY_CHARGES: \(summary)")
    }

    @Test(
        arguments: [
            ("{}", "MISSING_PARAMETER: accepted_charges_set is missing."),
            (Body.charges("null"), "MISSING_PARAMETER: accepted_charges_set is missing."),
            (
                #"{"Accepted_charges_set": [], "accepted_charges_set ": []}"#,
                "MISSING_PARAMETER: accepted_charges_set is missing."
            ),
            (
                Body.charges("[]"),
                "MISSING_PARAMETER: accepted_charges_set is empty; send 1 to 50 charges."
            ),
            (Body.charges("{}"), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (Body.charges(good), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (Body.charges(#""[]""#), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (Body.charges("0"), "INVALID_PARAMETER: accepted_charges_set must be an array."),
            (Body.charges("false"), "INVALID_PARAMETER: accepted_charges_set must be an array."),
        ])
    func theSetMustBeThereAndBeAnArray(_ body: String, _ summary: String) async throws {
        try await expectRefusal(body, "400 \(summary)")
    }

    @Test(arguments: ["[]", "null", "1", "true", #""text""#])
    func theBodyMustBeAnObject(_ body: String) async throws {
        try await expectRefusal(body, "400 INVALID_PARAMETER: The body must be a JSON object.")
    }

    @Test(arguments: ["null", "1", "false", "[]", #""N1""#])
    func eachChargeMustBeAnObject(_ charge: String) async throws {
        try await expectRefusal(
            Body.charges("[\(Self.good), \(charge), \(Self.good)]"),
            "400 INVALID_PARAMETER: accepted_charges_set[1] must be an object.")
    }

    @Test(arguments: ["number", "billing_system_customer_identifier"], [nil, "null", "\"\""])
    func aMandatoryFieldMustBeThereAndNotBeEmpty(_ field: String, _ value: String?) async throws {
        try await expectRefusal(
            Body.charges(set(field: field, value: value)),
            "400 MISSING_PARAMETER: accepted_charges_set[3].\(field) is missing or empty.")
    }

    @Test(
        arguments: ["number", "billing_system_customer_identifier", "reference_number"],
        ["0", "2706", "-1.5", "true", "false", "[]", "{}", #"["N1"]"#])
    func aFieldOfAnotherTypeIsRefused(_ field: String, _ value: String) async throws {
        try await expectRefusal(
            Body.charges(set(field: field, value: value)),
            "400 INVALID_PARAMETER: accepted_charges_set[3].\(field) must be a string.")
    }

    @Test func theFirstChargeThatIsWrongIsNamed() async throws {
        try await expectRefusal(
            Body.charges(#"[\#(Self.good), {"number": "N2"}, {"number": 5}, 7]"#),
            "400 MISSING_PARAMETER: accepted_charges_set[1].billing_system_customer_identifier "
                + "is missing or empty.")
    }

    @Test func aNameThatStandsTwiceIsRefused() async throws {
        try await expectRefusal(
            #"{"accepted_charges_set": [\#(Self.good)], "accepted_charges_set": []}"#,
            "400 INVALID_JSON: The body must be JSON: accepted_charges_set appears more than once.")
        try await expectRefusal(
            Body.charges(#"[\#(Self.good), {"number": "N1", "n\u0075mber": "N2"}]"#),
            "400 INVALID_JSON: The body must be JSON: accepted_charges_set[1].number appears more than once.")
        try await expectRefusal(
            #"{"x": {"y": 1, "y": 1}, "accepted_charges_set": [\#(Self.good)]}"#,
            "400 INVALID_JSON: The body must be JSON: x.y appears more than once.")
    }

    @Test(arguments: ["", " ", "{", "accepted=1", "\u{FEFF}{}", "{}{}", "<xml/>", #"{"a": "\ud800"}"#])
    func whatIsNotJSONIsRefused(_ body: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(body)
        #expect(answer.status == 400)
        #expect(try answer.code == "INVALID_JSON")
        #expect(try answer.description.hasPrefix("The body must be JSON: "))
        #expect(try answer.data == .object([]))
        #expect(front.decisions.calls.isEmpty)
    }

    @Test func unknownFieldsAreIgnored() async throws {
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
        let others = (1...3).map { Body.item("N\($0)", "c\($0)") }
        return "[" + (others + ["{\(last)}"]).joined(separator: ", ") + "]"
    }
}
