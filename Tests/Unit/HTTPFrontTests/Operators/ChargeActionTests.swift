import StrictJSON
import Charges
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of what `decline` and `acknowledge` have in common with `accept`.
@Suite struct ChargeActionTests {
    private func call(
        _ name: String, set: String, front: TestServerFixture, query: String = "", key: String? = nil
    )
        async throws -> Answer
    {
        var headers: HTTPFields = [.authorization: "Bearer \(try await FakeAccounts.token())"]
        headers[.idempotencyKey] = key
        let body = #"{"\#(set)": [\#(BodyFixture.item("N1", "c1", reference: "R"))]}"#
        return try await front.send(
            .post, TestServerFixture.base + "/netflix/charges/" + name + query, headers: headers,
            body: .whole(ByteBuffer(string: body)))
    }

    private static let calls: [(String, String, ChargeAction)] = [
        ("accept", "accepted_charges_set", .accept), ("decline", "declined_charges_set", .decline),
        ("acknowledge", "acknowledged_charges_set", .acknowledge),
    ]

    @Test("Accept, decline and acknowledge each have their own path and set", arguments: calls)
    func eachHasItsOwnNameAndSet(_ name: String, _ set: String, _ action: ChargeAction) async throws {
        let front = TestServerFixture()
        let answer = try await call(name, set: set, front: front, key: "k")
        #expect(answer.status == 200)
        #expect(try answer.data == .object([]))
        let received = try #require(front.decisions.calls.first)
        #expect(received.action == action)
        #expect(received.idempotencyKey == "k")
        #expect(!received.repeatsSucceed)
        #expect(
            received.items == [
                DecisionItem(number: "N1", billingSystemCustomerIdentifier: "c1", referenceNumber: "R")
            ])
        for (_, other, _) in Self.calls where other != set {
            let refused = try await call(name, set: other, front: front)
            #expect(try refused.summary == "400 MISSING_PARAMETER: \(set) is missing.")
        }
    }

    @Test("Results of an acknowledgement have no revision")
    func allResultsOfAnAcknowledgementAreWithoutRevision() async throws {
        let made = DecisionMade(decidedOn: FakeDecisions.made.decidedOn, revision: nil)
        let front = TestServerFixture(
            decisions: FakeDecisions { (_) throws(RequestFailure) in [.decided(made)] })
        let answer = try await call(
            "acknowledge", set: "acknowledged_charges_set", front: front, query: "?results=all")
        #expect(
            try answer.data?["results_set"]?.elements.map(\.text) == [
                #"{"number":"N1","reference_number":"R","result":"OK","decided_on":"2026-11-23T07:00:00","#
                    + #""revision":null}"#
            ])
    }
}
