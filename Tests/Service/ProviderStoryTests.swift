import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// A test of a charge's whole way over HTTP: the provider sends it, the operator accepts it, the provider processes it.
@Suite struct ProviderStoryTests {
    @Test("A charge is sent, accepted, taken and approved", .database)
    func aChargeComesInIsAcceptedAndApproved() async throws {
        let database = TestDatabase.current!
        let made = try await Program.bash(
            """
            echo demo | countersign user add --allow-short --operator ACME --username demo
            countersign provider-key add bridge
            """, environment: ["DATABASE_URL": database.administrationConnectionString], in: "/tmp")
        #expect(made.status == 0, "\(made.error)")
        let key = made.output.trimmingCharacters(in: .newlines)
        #expect(key.utf8.count == 43)
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let ports = try await node.ports()
        let bridge = FakeBridge(port: ports.internals, key: key)

        let sent = try await bridge.call(
            "charges",
            #"""
            {"charges": [{"provider_charge_id": "p1", "operator": "ACME", "amount": 9.90, "currency": "USD",
              "billing_system_customer_identifier": "pci155", "local_currency_amount": 9.10,
              "local_currency": "EUR", "paid_through_date": "2026-12-01"}]}
            """#)
        #expect(sent.contains(#""number":"I00000001","created":true"#))
        let operatorClient = try await Client(port: ports.operators).login("ACME")
        #expect(try await operatorClient.accept([("I00000001", "pci155")]).failures == [:])

        let feed = try await bridge.call("charges/decisions?after=")
        #expect(
            feed.contains(
                #""number":"I00000001","provider_charge_id":"p1","decision":"ACCEPTED","revision":1"#))
        let charge = #"{"charges": [{"operator": "ACME", "number": "I00000001", "revision": 1}]}"#
        #expect(try await bridge.call("charges/take", charge).contains(#"{"data":{},"#))
        let outcome = #"{"outcomes": [{"operator": "ACME", "number": "I00000001", "outcome": "APPROVED"}]}"#
        for _ in 0..<2 {
            #expect(try await bridge.call("charges/outcomes", outcome).contains(#"{"data":{},"#))
        }
        #expect(
            try await operatorClient.accept([("I00000001", "pci155")]).failures
                == ["I00000001": "CHARGE_ALREADY_PROCESSED"])
        #expect(
            try await FakeBridge(port: ports.internals, key: key + "x").call("charges", "{}").contains(
                "INVALID_KEY"))
        #expect(await node.end() == 0)
    }
}

/// A simple bridge of the provider.
private struct FakeBridge {
    let port: Int
    let key: String

    /// Sends a request, a GET if there is no body, and returns the answer unchanged.
    func call(_ path: String, _ body: String? = nil) async throws -> String {
        var request = URLRequest(url: URL(string: "http://127.0.0.1:\(port)/provider/v1/\(path)")!)
        request.httpMethod = body == nil ? "GET" : "POST"
        request.httpBody = body.map { Data($0.utf8) }
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        return String(decoding: try await URLSession.shared.data(for: request).0, as: UTF8.self)
    }
}
