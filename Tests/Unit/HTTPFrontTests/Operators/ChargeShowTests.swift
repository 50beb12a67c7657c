import StrictJSON
import Charges
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of `GET netflix/charges/show`.
@Suite struct ChargeShowTests {
    static let charge = Charge(
        ChargeRecord(
            listed: ListedCharge(
                number: "I1",
                terms: ChargeTerms(
                    billingSystemCustomerIdentifier: "c", amount: Money("9.90")!, currency: "USD",
                    localCurrencyAmount: Money("9")!, localCurrency: "EUR",
                    paidThroughDate: Timestamp("2026-12-01")!),
                status: .declined, receivedOn: Timestamp("2026-11-23T07:00:00")!,
                processedOn: Timestamp("2026-11-24")!, decision: .declined,
                decidedOn: Timestamp("2026-11-23T07:50:00")!, decisionReferenceNumber: "B"),
            providerChargeIdentifier: "secret", takenOn: Timestamp("2026-11-23T08:00:00")!,
            acknowledgedOn: Timestamp("2026-11-25")!),
        acknowledgement: Acknowledgement(
            madeOn: Timestamp("2026-11-25")!, username: "key:bot", referenceNumber: "A"),
        decisions: [
            RecordedDecision(
                revision: 1, decision: .accepted, maker: .policy, madeOn: Timestamp("2026-11-23T07:30:00")!,
                referenceNumber: nil),
            RecordedDecision(
                revision: 2, decision: .accepted, maker: .user("alice"),
                madeOn: Timestamp("2026-11-23T07:40:00")!, referenceNumber: "A"),
            RecordedDecision(
                revision: 3, decision: .declined, maker: .user("alice"),
                madeOn: Timestamp("2026-11-23T07:50:00")!, referenceNumber: "B"),
        ])

    private func show(_ query: String, charges: FakeCharges) async throws -> Answer {
        try await TestServerFixture(charges: charges).send(
            .get, TestServerFixture.base + "/netflix/charges/show" + query,
            headers: [.authorization: "Bearer \(try await FakeAccounts.token())"])
    }

    @Test("A charge is shown with its whole history")
    func aChargeIsShownWithItsHistory() async throws {
        let charges = FakeCharges(showing: { (_) throws(RequestFailure) in Self.charge })
        let answer = try await show("?number=I1", charges: charges)
        #expect(answer.status == 200)
        let charge = try #require(try answer.data?["charge"])
        #expect(charge["amount"] == .number("9.90"))
        #expect(charge["decision"] == .string("DECLINED"))
        #expect(charge["decision_reference_number"] == .string("B"))
        #expect(charge["set_as_declined_on"] == .string("2026-11-24T00:00:00"))
        #expect(charge["acknowledged_on"] == .string("2026-11-25T00:00:00"))
        #expect(charge["reference_numbers"] == .array([.string("A"), .string("B")]))
        #expect(
            charge["acknowledgement"]?.text
                == #"{"acknowledged_on":"2026-11-25T00:00:00","username":"key:bot","reference_number":"A"}"#)
        #expect(
            charge["decisions_set"]?.elements.map(\.text) == [
                #"{"revision":1,"decision":"ACCEPTED","decided_on":"2026-11-23T07:30:00","made_by":"policy","#
                    + #""username":null,"reference_number":null}"#,
                #"{"revision":2,"decision":"ACCEPTED","decided_on":"2026-11-23T07:40:00","made_by":"operator","#
                    + #""username":"alice","reference_number":"A"}"#,
                #"{"revision":3,"decision":"DECLINED","decided_on":"2026-11-23T07:50:00","made_by":"operator","#
                    + #""username":"alice","reference_number":"B"}"#,
            ])
        #expect(!answer.body.contains("secret"))
    }

    @Test("A charge is named by number or reference number")
    func itIsNamedByItsNumberOrAReference() async throws {
        let charges = FakeCharges(showing: { (_) throws(RequestFailure) in Self.charge })
        #expect(try await show("?number=I1", charges: charges).status == 200)
        #expect(try await show("/?reference_number=INV%201&number=", charges: charges).status == 200)
        #expect(charges.names == [.number("I1"), .referenceNumber("INV 1")])
    }

    @Test("An unknown charge is NOT_FOUND")
    func whatIsNotThereIsNotFound() async throws {
        let answer = try await show("?number=I2", charges: FakeCharges())
        #expect(answer.status == 404)
        #expect(try answer.code == "NOT_FOUND")
    }

    @Test(
        "Exactly one name is required",
        arguments: [
            ("", "MISSING_PARAMETER"), ("?number=", "MISSING_PARAMETER"),
            ("?reference_number=", "MISSING_PARAMETER"),
            ("?number=a&reference_number=b", "INVALID_PARAMETER"),
            ("?number=a&number=a", "INVALID_PARAMETER"),
        ])
    func oneNameAloneIsTaken(_ query: String, _ code: String) async throws {
        let charges = FakeCharges()
        let answer = try await show(query, charges: charges)
        #expect(answer.status == 400)
        #expect(try answer.code == code)
        #expect(charges.names.isEmpty)
    }
}
