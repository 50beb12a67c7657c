import StrictJSON
import Charges
import HTTPFront
import HTTPTypes
import Testing

/// Tests of the response to an accept call that succeeds.
@Suite struct DecisionResponseTests {
    /// Five charges: the first and the fourth are accepted, the others fail.
    private static let mixed = FakeDecisions { (_) throws(RequestFailure) in
        [
            .decided(FakeDecisions.made),
            .failed(ItemFailure(.chargeAlreadyAccepted, conflict: .init(referenceNumber: #"R"2"#))),
            .failed(ItemFailure(.chargeNotFound)),
            .decided(DecisionMade(decidedOn: Timestamp(microsecondsSince2000: -1), revision: 7)),
            .failed(ItemFailure(.customerMismatch)),
        ]
    }

    private static let mixedBody = BodyFixture.charges(
        "["
            + [
                BodyFixture.item("Z9", "c"), BodyFixture.item("N2", "c", reference: #"R\"2"#),
                BodyFixture.item("N1", "c"),
                BodyFixture.item("N4", "c", reference: "R4"), BodyFixture.item("A5", "c", reference: "R5"),
            ].joined(separator: ",") + "]")

    @Test("A call without failures always gets the same response")
    func withoutAFailureItIsAlwaysTheSame() async throws {
        let answer = try await TestServerFixture().accept(BodyFixture.charges(count: 50))
        #expect(answer.status == 200)
        #expect(Self.withoutSpaces(answer.body) == Self.withoutSpaces(Self.allAccepted))
        #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
        #expect(answer.headers[.contentLength] == "\(answer.body.utf8.count)")
    }

    @Test("Only failures are listed, in the order of the request")
    func theFailuresAloneAreListedInTheOrderOfTheRequest() async throws {
        let answer = try await TestServerFixture(decisions: Self.mixed).accept(Self.mixedBody)
        #expect(try answer.summary == "200 OK: ")
        #expect(try answer.data?.names == ["failed_charges_set"])
        #expect(
            try answer.data?["failed_charges_set"]
                == .array([
                    failed(
                        "N2", .string(#"R"2"#), "CHARGE_ALREADY_ACCEPTED",
                        #"The charge is accepted already, under reference number R"2."#),
                    failed("N1", .null, "CHARGE_NOT_FOUND", "There is no charge with this number."),
                    failed(
                        "A5", .string("R5"), "CUSTOMER_MISMATCH", "The charge belongs to another customer."),
                ]))
    }

    @Test("A failure's fields are in their documented order")
    func aFailureHasItsFieldsInTheirOrder() async throws {
        let answer = try await TestServerFixture(decisions: Self.mixed).accept(Self.mixedBody)
        let fields = try answer.data?["failed_charges_set"]?.elements.map(\.names) ?? []
        #expect(
            fields
                == Array(
                    repeating: ["number", "reference_number", "error_code", "error_description"], count: 3))
    }

    @Test("Each failure has its code and a sentence", arguments: ItemFailureCode.allCases)
    func everyFailureHasItsCodeAndASentence(_ code: ItemFailureCode) async throws {
        let decisions = FakeDecisions { (_) throws(RequestFailure) in [.failed(ItemFailure(code))] }
        let answer = try await TestServerFixture(decisions: decisions).accept(BodyFixture.charges(count: 1))
        #expect(answer.status == 200)
        let failure = try #require(try answer.data?["failed_charges_set"]?.elements.first)
        #expect(failure["error_code"] == .string(code.rawValue))
        #expect(failure["error_description"]?.string?.hasSuffix(".") == true)
    }

    @Test(
        "All results are listed on request",
        arguments: [
            "?results=all", "/?results=all", "?x=1&results=all&y", "?results=%61l%6C", "?&results=all&",
            "?results=all&x=%zz&%=1",
        ])
    func allResultsAreListedOnRequest(_ query: String) async throws {
        let front = TestServerFixture(decisions: Self.mixed)
        let answer = try await front.accept(Self.mixedBody, query: query)
        #expect(try answer.data?.names == ["failed_charges_set", "results_set"])
        #expect(try answer.failures.count == 3)
        #expect(
            try answer.data?["results_set"]
                == .array([
                    result("Z9", .null, "OK", .string("2026-11-23T07:00:00"), .number("1")),
                    result("N2", .string(#"R"2"#), "CHARGE_ALREADY_ACCEPTED", .null, .null),
                    result("N1", .null, "CHARGE_NOT_FOUND", .null, .null),
                    result("N4", .string("R4"), "OK", .string("1999-12-31T23:59:59"), .number("7")),
                    result("A5", .string("R5"), "CUSTOMER_MISMATCH", .null, .null),
                ]))
    }

    @Test("All results without a failure have no list of failures")
    func allResultsWithoutAFailureComeWithoutFailures() async throws {
        let answer = try await TestServerFixture().accept(
            BodyFixture.charges(count: 2), query: "?results=all")
        #expect(try answer.data?.names == ["results_set"])
        #expect(try answer.data?["results_set"]?.elements.count == 2)
    }

    @Test(
        "Any other value of results is refused",
        arguments: [
            "?results", "?results=", "?results=ALL", "?results=failed", "?results=all%20", "?results=+all",
            "?results=all&results=all", "?results=all&results=x",
            "?results=%zz", "?results=all%", "?results=%ff", "?results=al%6C%00",
        ])
    func anythingElseForResultsIsRefused(_ query: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(BodyFixture.charges(count: 1), query: query)
        #expect(answer.status == 400)
        #expect(try answer.code == "INVALID_PARAMETER")
        #expect(try answer.description.hasPrefix("results "))
        #expect(front.decisions.calls.isEmpty)
    }

    private static let allAccepted =
        #"{"data": {}, "status": {"code": "OK", "description": "", "message": ""}}"#

    private static func withoutSpaces(_ text: String) -> String { text.filter { !$0.isWhitespace } }

    private func failed(_ number: String, _ reference: JSONValue, _ code: String, _ description: String)
        -> JSONValue
    {
        .object([
            .init("number", .string(number)), .init("reference_number", reference),
            .init("error_code", .string(code)), .init("error_description", .string(description)),
        ])
    }

    private func result(
        _ number: String, _ reference: JSONValue, _ result: String, _ decidedOn: JSONValue,
        _ revision: JSONValue
    ) -> JSONValue {
        .object([
            .init("number", .string(number)), .init("reference_number", reference),
            .init("result", .string(result)), .init("decided_on", decidedOn), .init("revision", revision),
        ])
    }
}
