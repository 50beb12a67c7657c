import StrictJSON
import Charges
import HTTPTypes
import NIOCore
import Telemetry
import Testing

@testable import HTTPFront

/// Tests of `accept/dry-run`, `decline/dry-run` and `acknowledge/dry-run`.
@Suite struct DryRunCallTests {
    private static let base = TestServerFixture.base + "/netflix/charges/"
    private static let calls: [(String, String, ChargeAction)] = [
        ("accept", "accepted_charges_set", .accept), ("decline", "declined_charges_set", .decline),
        ("acknowledge", "acknowledged_charges_set", .acknowledge),
    ]

    private func send(
        _ path: String, _ body: String, front: TestServerFixture, key: String? = nil, token: String? = nil
    ) async throws -> Answer {
        var headers: HTTPFields = [
            .authorization: "Bearer \(try await FakeAccounts.token())"
        ]
        if let token { headers[.authorization] = "Bearer \(token)" }
        headers[.idempotencyKey] = key
        return try await front.send(
            .post, Self.base + path, headers: headers, body: .whole(ByteBuffer(string: body)))
    }

    @Test("Each call has a dry run of its own path, which takes the call's request", arguments: calls)
    func requests(_ name: String, _ set: String, _ action: ChargeAction) async throws {
        let front = TestServerFixture()
        let body = #"{"\#(set)": [\#(BodyFixture.item("N1", "c1", reference: "R"))]}"#
        let answer = try await send(name + "/dry-run", body, front: front, key: "k")
        #expect(try answer.summary == "200 OK: ")
        #expect(front.decisions.calls.isEmpty)
        let received = try #require(front.decisions.dryRuns.first)
        #expect(received.action == action)
        #expect(received.idempotencyKey == "k")
        #expect(
            received.items == [
                DecisionItem(number: "N1", billingSystemCustomerIdentifier: "c1", referenceNumber: "R")
            ])
    }

    @Test("A dry run lists every item, in the shape of results=all", arguments: ["", "?results=all"])
    func results(_ query: String) async throws {
        let made = FakeDecisions.made
        let front = TestServerFixture(
            decisions: FakeDecisions(dryRun: { (_) throws(RequestFailure) in
                [
                    .decidable(revision: 3), .repeated(made), .failed(ItemFailure(.chargeNotFound)),
                    .decidable(revision: nil),
                ]
            }))
        let items = (1...4).map { BodyFixture.item("N\($0)", "c") }.joined(separator: ",")
        let answer = try await send(
            "accept/dry-run/" + query, BodyFixture.charges("[\(items)]"), front: front)
        #expect(try answer.data?.names == ["failed_charges_set", "results_set"])
        #expect(
            try answer.data?["failed_charges_set"]?.elements.map(\.text) == [
                #"{"number":"N3","reference_number":null,"error_code":"CHARGE_NOT_FOUND","#
                    + #""error_description":"There is no charge with this number."}"#
            ])
        #expect(
            try answer.data?["results_set"]?.elements.map(\.text) == [
                #"{"number":"N1","reference_number":null,"result":"OK","decided_on":null,"revision":3}"#,
                #"{"number":"N2","reference_number":null,"result":"OK","#
                    + #""decided_on":"2026-11-23T07:00:00","revision":1}"#,
                #"{"number":"N3","reference_number":null,"result":"CHARGE_NOT_FOUND","#
                    + #""decided_on":null,"revision":null}"#,
                #"{"number":"N4","reference_number":null,"result":"OK","decided_on":null,"revision":null}"#,
            ])
    }

    @Test("A dry run without a failure has no list of failures")
    func withoutAFailure() async throws {
        let answer = try await send(
            "accept/dry-run", BodyFixture.charges(count: 50), front: TestServerFixture())
        #expect(try answer.data?.names == ["results_set"])
        #expect(try answer.data?["results_set"]?.elements.count == 50)
    }

    @Test(
        "A dry run refuses what the real call refuses, with the same answer",
        arguments: [
            "", "[]", "{", #"{"a": 1, "a": 2}"#, "{}", BodyFixture.charges("null"),
            BodyFixture.charges("{}"), BodyFixture.charges("[]"), BodyFixture.charges("[1]"),
            BodyFixture.charges("[{}]"), BodyFixture.charges(#"[{"number": "N1"}]"#),
            BodyFixture.charges(#"[{"number": 1, "billing_system_customer_identifier": "c"}]"#),
            BodyFixture.charges("[\(BodyFixture.item("", "c"))]"), BodyFixture.charges(count: 51),
        ])
    func malformedBodies(_ body: String) async throws {
        let front = TestServerFixture()
        let answer = try await send("accept/dry-run", body, front: front)
        let real = try await send("accept", body, front: front)
        #expect(answer.status == 400)
        #expect(try answer.summary == real.summary)
        #expect(front.decisions.dryRuns.isEmpty)
    }

    @Test("A dry run refuses the parameters, keys and tokens that the real call refuses")
    func otherRefusals() async throws {
        let front = TestServerFixture()
        let body = BodyFixture.charges(count: 1)
        for (query, key, token) in [
            ("?results=failed", nil, nil), ("", "a key", nil), ("", nil, "x"),
        ] as [(String, String?, String?)] {
            let answer = try await send("accept/dry-run" + query, body, front: front, key: key, token: token)
            let real = try await send("accept" + query, body, front: front, key: key, token: token)
            #expect(answer.status >= 400)
            #expect(try answer.summary == real.summary)
        }
        #expect(front.decisions.dryRuns.isEmpty)
    }

    @Test("A dry run that fails as a whole is answered with the failure")
    func failures() async throws {
        let front = TestServerFixture(
            decisions: FakeDecisions(dryRun: { (_) throws(RequestFailure) in throw .serviceUnavailable }))
        let answer = try await send("accept/dry-run", BodyFixture.charges(count: 1), front: front)
        #expect(answer.status == 503)
        #expect(try answer.code == "SERVICE_UNAVAILABLE")
    }

    @Test("Only POST is allowed, and no other call has a dry run")
    func routes() async throws {
        let front = TestServerFixture()
        for (name, _, _) in Self.calls {
            let answer = try await front.send(.get, Self.base + name + "/dry-run")
            #expect(answer.status == 405)
            #expect(answer.headers[.allow] == "OPTIONS, POST")
        }
        for path in ["list/dry-run", "show/dry-run", "dry-run", "accept/dry-run/x", "accept/dry_run"] {
            #expect(try await send(path, BodyFixture.charges(count: 1), front: front).status == 404)
        }
        #expect(front.decisions.calls.isEmpty && front.decisions.dryRuns.isEmpty)
    }

    @Test("The metrics count a dry run as a call, and none of its items")
    func metrics() async throws {
        let front = TestServerFixture()
        _ = try await send("accept/dry-run", BodyFixture.charges(count: 3), front: front)
        let page = front.metrics.page([])
        #expect(
            page.contains(
                #"countersign_calls_total{call="netflix/charges/accept/dry-run",code="OK",http_status="200"} 1"#
            ))
        #expect(!page.contains(#"countersign_items_total{call="netflix/charges/accept/dry-run""#))
    }
}
