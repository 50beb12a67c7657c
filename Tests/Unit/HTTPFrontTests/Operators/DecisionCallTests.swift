import Authentication
import StrictJSON
import Charges
import HTTPFront
import Testing

/// Tests of the call that the repository gets: the strings of the request, byte for byte.
@Suite struct DecisionCallTests {
    @Test("The call has operator, user, action, items and deadline")
    func theCallSaysWhoDecidesWhatAndUntilWhen() async throws {
        let front = TestServerFixture()
        _ = try await front.accept(
            BodyFixture.charges(
                "[\(BodyFixture.item("N1", "c1", reference: "R1")), \(BodyFixture.item("N2", "c2"))]"))
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
        "Strings reach the repository byte for byte",
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
            BodyFixture.charges(
                "[\(BodyFixture.item(written, "c")), \(BodyFixture.item("N", written, reference: written))]"))
        #expect(answer.status == 200)
        let exact = ExactText(text)
        #expect(
            front.decisions.calls.first?.items == [
                DecisionItem(number: exact, billingSystemCustomerIdentifier: "c"),
                DecisionItem(number: "N", billingSystemCustomerIdentifier: exact, referenceNumber: exact),
            ])
    }

    @Test("A null reference number is none, and an empty one is invalid")
    func aReferenceOfNullIsNoneAndAnEmptyOneIsOne() async throws {
        let front = TestServerFixture()
        let null = #"{"number": "N1", "billing_system_customer_identifier": "c1", "reference_number": null}"#
        let answer = try await front.accept(
            BodyFixture.charges("[\(null), \(BodyFixture.item("N2", "c2", reference: ""))]"))
        #expect(front.decisions.calls.first?.items.map(\.referenceNumber) == [nil, ""])
        #expect(try answer.failures == ["N2 INVALID_REFERENCE_NUMBER"])
    }

    @Test("Malformed numbers are not found")
    func numbersThatCannotExistAreNotFound() async throws {
        let long = String(repeating: "\u{E9}", count: 65)
        let answer = try await TestServerFixture().accept(
            BodyFixture.charges(
                "[\(BodyFixture.item(#"N\u0000"#, "c")), \(BodyFixture.item(long, "c")), \(BodyFixture.item("N", "c"))]"
            ))
        #expect(try answer.failures == ["N\u{0} CHARGE_NOT_FOUND", "\(long) CHARGE_NOT_FOUND"])
        #expect(answer.body.contains(#""N\u0000""#))
    }

    @Test(
        "A reference number of up to 64 scalars is valid",
        arguments: [
            String(repeating: "x", count: 64), String(repeating: "\u{1F642}", count: 64),
            String(repeating: "e\u{301}", count: 32), " x ", "\u{E9}",
        ])
    func aReferenceOfUpToSixtyFourScalarsIsGood(_ reference: String) async throws {
        let answer = try await TestServerFixture().accept(
            BodyFixture.charges("[\(BodyFixture.item("N1", "c1", reference: reference))]"))
        #expect(try answer.data == .object([]))
    }

    @Test(
        "A malformed reference number fails its item alone",
        arguments: [
            String(repeating: "x", count: 65), String(repeating: "e\u{301}", count: 32) + "x", "", " ",
            "\u{3000}", #"\t"#, #"a\u0000"#, #"a\nb"#, #"\u0085"#, "\u{7F}",
        ])
    func anImpossibleReferenceFailsItsItemAlone(_ reference: String) async throws {
        let answer = try await TestServerFixture().accept(
            BodyFixture.charges(
                "[\(BodyFixture.item("N1", "c1", reference: reference)), \(BodyFixture.item("N2", "c2"))]"))
        #expect(answer.status == 200)
        #expect(try answer.code == "OK")
        #expect(try answer.failures == ["N1 INVALID_REFERENCE_NUMBER"])
    }

    @Test("Numbers are compared byte for byte")
    func numbersAreComparedByTheirBytes() async throws {
        let front = TestServerFixture()
        let different = [
            BodyFixture.item("\u{E9}", "c"), BodyFixture.item("e\u{301}", "c"), BodyFixture.item("N", "c"),
        ]
        let answer = try await front.accept(BodyFixture.charges("[\(different.joined(separator: ","))]"))
        #expect(try answer.data == .object([]))
        let same = [
            BodyFixture.item("N", "c"), BodyFixture.item(#"\u004e"#, "d"), BodyFixture.item("n", "c"),
        ]
        let other = try await front.accept(BodyFixture.charges("[\(same.joined(separator: ","))]"))
        #expect(try other.failures == ["N DUPLICATE_IN_REQUEST", "N DUPLICATE_IN_REQUEST"])
    }
}
