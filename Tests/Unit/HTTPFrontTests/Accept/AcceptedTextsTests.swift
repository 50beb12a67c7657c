import Authentication
import StrictJSON
import Charges
import HTTPFront
import Testing

/// What the repository gets to see: the texts of the request, byte for byte.
@Suite struct AcceptedTextsTests {
    @Test func theCallSaysWhoDecidesWhatAndUntilWhen() async throws {
        let front = TestServerFixture()
        _ = try await front.accept(
            Body.charges("[\(Body.item("N1", "c1", reference: "R1")), \(Body.item("N2", "c2"))]"))
        let call = try #require(front.decisions.calls.first)
        #expect(call.operatorIdentifier == FakeAccounts.acme.identifier)
        #expect(call.operatorCode == "acme")
        #expect(call.username == "alice")
        #expect(call.action == .accept)
        #expect(call.idempotencyKey == nil)
        #expect(
            call.items == [
                DecisionItem(number: "N1", billingSystemCustomerIdentifier: "c1", referenceNumber: "R1"),
                DecisionItem(number: "N2", billingSystemCustomerIdentifier: "c2"),
            ])
        #expect(call.deadline == TestServerFixture.instant + .seconds(3600))
    }

    @Test(
        arguments: [
            ("a", "a"), (" a ", " a "), ("\u{E9}", "\u{E9}"), ("e\u{301}", "e\u{301}"),
            (#"e\u0301"#, "e\u{301}"), (#"\u0000"#, "\u{0}"), (#"a\u0000b"#, "a\u{0}b"), (#"\n"#, "\n"),
            (#"\ud83d\ude42"#, "\u{1F642}"), ("\u{1F469}\u{200D}\u{1F467}", "\u{1F469}\u{200D}\u{1F467}"),
            (#"'; DROP TABLE charge; --"#, "'; DROP TABLE charge; --"), ("\u{FEFF}x", "\u{FEFF}x"),
            (String(repeating: "x", count: 50_000), String(repeating: "x", count: 50_000)),
        ])
    func textsArriveAsTheyAre(_ written: String, _ text: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(
            Body.charges("[\(Body.item(written, "c")), \(Body.item("N", written, reference: written))]"))
        #expect(answer.status == 200)
        let exact = ExactText(text)
        #expect(
            front.decisions.calls.first?.items == [
                DecisionItem(number: exact, billingSystemCustomerIdentifier: "c"),
                DecisionItem(number: "N", billingSystemCustomerIdentifier: exact, referenceNumber: exact),
            ])
    }

    @Test func aReferenceOfNullIsNoneAndAnEmptyOneIsOne() async throws {
        let front = TestServerFixture()
        let null = #"{"number": "N1", "billing_system_customer_identifier": "c1", "reference_number": null}"#
        let answer = try await front.accept(
            Body.charges("[\(null), \(Body.item("N2", "c2", reference: ""))]"))
        #expect(front.decisions.calls.first?.items.map(\.referenceNumber) == [nil, ""])
        #expect(try answer.failures == ["N2 INVALID_REFERENCE_NUMBER"])
    }

    @Test func numbersThatCannotExistAreNotFound() async throws {
        let long = String(repeating: "\u{E9}", count: 65)
        let answer = try await TestServerFixture().accept(
            Body.charges("[\(Body.item(#"N\u0000"#, "c")), \(Body.item(long, "c")), \(Body.item("N", "c"))]"))
        #expect(try answer.failures == ["N\u{0} CHARGE_NOT_FOUND", "\(long) CHARGE_NOT_FOUND"])
        #expect(answer.body.contains(#""N\u0000""#))
    }

    @Test(
        arguments: [
            String(repeating: "x", count: 64), String(repeating: "\u{1F642}", count: 64),
            String(repeating: "e\u{301}", count: 32), " x ", "\u{E9}",
        ])
    func aReferenceOfUpToSixtyFourScalarsIsGood(_ reference: String) async throws {
        let answer = try await TestServerFixture().accept(
            Body.charges("[\(Body.item("N1", "c1", reference: reference))]"))
        #expect(try answer.data == .object([]))
    }

    @Test(
        arguments: [
            String(repeating: "x", count: 65), String(repeating: "e\u{301}", count: 32) + "x", "", " ",
            "\u{3000}", #"\t"#, #"a\u0000"#, #"a\nb"#, #"\u0085"#, "\u{7F}",
        ])
    func anImpossibleReferenceFailsItsItemAlone(_ reference: String) async throws {
        let answer = try await TestServerFixture().accept(
            Body.charges("[\(Body.item("N1", "c1", reference: reference)), \(Body.item("N2", "c2"))]"))
        #expect(answer.status == 200)
        #expect(try answer.code == "OK")
        #expect(try answer.failures == ["N1 INVALID_REFERENCE_NUMBER"])
    }

    @Test func numbersAreToldApartByTheirBytes() async throws {
        let front = TestServerFixture()
        let different = [Body.item("\u{E9}", "c"), Body.item("e\u{301}", "c"), Body.item("N", "c")]
        let answer = try await front.accept(Body.charges("[\(different.joined(separator: ","))]"))
        #expect(try answer.data == .object([]))
        let same = [Body.item("N", "c"), Body.item(#"\u004e"#, "d"), Body.item("n", "c")]
        let other = try await front.accept(Body.charges("[\(same.joined(separator: ","))]"))
        #expect(try other.failures == ["N DUPLICATE_IN_REQUEST", "N DUPLICATE_IN_REQUEST"])
    }
}
