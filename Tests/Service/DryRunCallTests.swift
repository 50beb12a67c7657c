import Foundation
import TestSupport
import Testing

/// Tests of dry runs over HTTP, on a node.
@Suite struct DryRunCallTests {
    private let database = TestDatabase.current!

    private static let sets = [
        "accept": "accepted_charges_set", "decline": "declined_charges_set",
        "acknowledge": "acknowledged_charges_set",
    ]

    private func withNode(_ body: (Client) async throws -> Void) async throws {
        try await database.addCharges(4, prefix: "I")
        try await Program.addDemoUser(to: database)
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        try await body(try await Client(port: try await node.ports().operators).login("ACME"))
        #expect(await node.end() == 0)
    }

    /// The results of a call, or of its dry run: the code, the revision and whether there is a time.
    private func results(
        _ client: Client, _ call: String, _ charges: [(String, String?)], isDryRun: Bool, key: String? = nil
    ) async throws -> [String] {
        let items = charges.map { number, reference in
            var item = ["number": number, "billing_system_customer_identifier": "c" + number]
            item["reference_number"] = reference
            return item
        }
        let answer = try await client.post(
            "netflix/charges/\(call)" + (isDryRun ? "/dry-run" : "?results=all"),
            [Self.sets[call] ?? "": items], headers: key.map { ["Idempotency-Key": $0] } ?? [:])
        #expect(answer.code == "OK", "\(answer.body)")
        let results = answer.data["results_set"] as? [[String: Any]] ?? []
        return results.map { result in
            let revision = (result["revision"] as? Int).map(String.init) ?? "null"
            let time = result["decided_on"] is String ? "time" : "null"
            return
                "\(result["number"] as? String ?? "") \(result["result"] as? String ?? "") \(revision) \(time)"
        }
    }

    @Test(
        "A dry run has the results of the call that follows, for accept, decline and acknowledge", .database)
    func results() async throws {
        try await withNode { client in
            try await database.session.execute(
                """
                UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now()
                WHERE number = 'I4'
                """)
            let accepting = [("I1", "R"), ("I2", "R"), ("I4", nil), ("I9", nil)] as [(String, String?)]
            for _ in 1...2 {
                #expect(
                    try await results(client, "accept", accepting, isDryRun: true, key: "k") == [
                        "I1 OK 1 null", "I2 REFERENCE_NUMBER_IN_USE null null",
                        "I4 CHARGE_ALREADY_PROCESSED null null", "I9 CHARGE_NOT_FOUND null null",
                    ])
            }
            let accepted = [
                "I1 OK 1 time", "I2 REFERENCE_NUMBER_IN_USE null null",
                "I4 CHARGE_ALREADY_PROCESSED null null", "I9 CHARGE_NOT_FOUND null null",
            ]
            #expect(try await results(client, "accept", accepting, isDryRun: false, key: "k") == accepted)
            #expect(try await results(client, "accept", accepting, isDryRun: true, key: "k") == accepted)
            #expect(
                try await results(client, "decline", [("I1", nil), ("I3", "R")], isDryRun: true)
                    == ["I1 OK 2 null", "I3 REFERENCE_NUMBER_IN_USE null null"])
            #expect(
                try await results(client, "acknowledge", [("I1", nil), ("I4", "A")], isDryRun: true)
                    == ["I1 CHARGE_NOT_PROCESSED null null", "I4 OK null null"])
            #expect(
                try await results(client, "acknowledge", [("I4", "A")], isDryRun: false) == [
                    "I4 OK null time"
                ])
            let shown = try await client.read("netflix/charges/show?number=I1")
            let charge = shown.data["charge"] as? [String: Any] ?? [:]
            #expect(charge["decision"] as? String == "ACCEPTED")
        }
    }

    @Test("A dry run answers while another session holds the charges", .database)
    func locked() async throws {
        try await withNode { client in
            let locker = TestSession(database.ownerParameters)
            try await locker.execute("BEGIN; SELECT FROM countersign.charge FOR UPDATE")
            for call in ["accept", "decline"] {
                #expect(
                    try await results(client, call, [("I1", "R"), ("I2", nil)], isDryRun: true)
                        == ["I1 OK 1 null", "I2 OK 1 null"])
            }
            #expect(
                try await results(client, "acknowledge", [("I1", nil)], isDryRun: true)
                    == ["I1 CHARGE_NOT_PROCESSED null null"])
            try await locker.execute("ROLLBACK")
            await locker.close()
        }
    }

    @Test(
        "Malformed bodies are refused as by the real call; other paths are 404, other methods 405", .database)
    func refusals() async throws {
        try await withNode { client in
            for (call, set) in Self.sets {
                for body in [[:], [set: 1], [set: [[String: Any]]()], [set: [["number": "I1"]]]]
                    as [[String: Any]]
                {
                    let answer = try await client.post("netflix/charges/\(call)/dry-run", body)
                    let real = try await client.post("netflix/charges/\(call)", body)
                    #expect(answer.status == 400)
                    #expect(answer.code == real.code)
                }
                let read = try await client.read("netflix/charges/\(call)/dry-run")
                #expect(read.status == 405)
                #expect(read.code == "METHOD_NOT_ALLOWED")
            }
            let listed = try await client.post("netflix/charges/list/dry-run", [:])
            #expect(listed.status == 404)
            #expect(listed.code == "NOT_FOUND")
        }
    }
}
