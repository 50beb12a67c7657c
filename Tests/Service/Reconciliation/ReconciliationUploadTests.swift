import Foundation
import TestSupport
import Testing

/// Tests of the calls about reconciliations on a running node.
@Suite(.serialized) struct ReconciliationUploadTests {
    private var database: TestDatabase { TestDatabase.current }

    /// Charges that were accepted in October 2020, and a node with a client.
    private func serve(charges: Int) async throws -> (RunningProgram, Client, Int) {
        try await Program.addDemoUser(to: database)
        try await database.addCharges(charges, prefix: "N")
        try await database.session.execute(
            """
            SET session_replication_role = replica;
            UPDATE countersign.charge
            SET revision = 1, decision = 'ACCEPTED', decided_on = '2020-10-05Z', decision_made_by = 'operator';
            RESET session_replication_role
            """)
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let ports = try await node.ports()
        return (node, try await Client(port: ports.operators).login("ACME"), ports.internals)
    }

    /// Runs a script with `$API`, `$TOKEN` and `create FILE KEY`, which prints the body and the HTTP status.
    private func run(_ client: Client, _ script: String) async throws -> String {
        let result = try await Program.bash(
            """
            API=http://127.0.0.1:\(client.port)/crmapi/rest/v2/netflix/reconciliations
            TOKEN=\(client.token)
            folder=$(mktemp -d)
            create() {
                curl -s -w ' %{http_code}\\n' -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $2" \\
                    --data-binary "@$1" "$API/create?from=2020-10-01&to=2020-11-01"
            }
            \(script)
            rm -r $folder
            """, in: "/tmp")
        #expect(result.status == 0, "\(result.error)")
        return result.output
    }

    /// Asks until a reconciliation is done or has failed.
    private func done(_ client: Client, _ number: Int) async throws -> [String: Any] {
        for _ in 0..<10_000 {
            let answer = try await client.read("netflix/reconciliations/show?number=\(number)")
            let found = try #require(answer.data["reconciliation"] as? [String: Any], "\(answer.body)")
            if ["DONE", "FAILED"].contains(found["state"] as? String) { return found }
        }
        throw WaitedTooLong()
    }

    @Test("A file is uploaded, compared, its differences read and closed", .database)
    func aMonth() async throws {
        let (node, client, _) = try await serve(charges: 3)
        let created = try await run(
            client,
            """
            printf 'number,amount\\nN1,9.90\\nN2,9.91\\n' >$folder/file
            printf 'number,amount\\nN1,9.90\\n' >$folder/other
            create $folder/file k1
            create $folder/file k1
            create $folder/other k1
            printf 'amount\\n1\\n' >$folder/bad
            create $folder/bad k2
            """
        ).split(separator: "\n")
        try #require(created.count == 4)
        #expect(created[0].contains(#""number":1,"state":"#) && created[0].hasSuffix(" 202"), "\(created[0])")
        #expect(created[1].contains(#""number":1,"state":"#) && created[1].hasSuffix(" 202"), "\(created[1])")
        #expect(
            created[2].contains("IDEMPOTENCY_KEY_REUSED") && created[2].hasSuffix(" 409"), "\(created[2])")
        #expect(
            created[3].contains(#""state":"FAILED""#) && created[3].contains(#""line":1,"#), "\(created[3])")
        let found = try await done(client, 1)
        #expect(found["state"] as? String == "DONE")
        #expect(found["differences"] as? Int == 2)
        #expect((found["totals"] as? [[String: Any]])?.isEmpty == false)
        let differences = try await client.read("netflix/reconciliations/differences?number=1")
        let set = try #require(differences.data["differences_set"] as? [[String: Any]])
        #expect(set.map { $0["class"] as? String } == ["AMOUNT_DIFFERS", "ONLY_HERE"])
        let file = try await run(
            client,
            #"curl -sf -H "Authorization: Bearer $TOKEN" "$API/differences?number=1&format=csv""#)
        #expect(file.split(separator: "\n").count == 3)
        let closed = try await client.post(
            "netflix/reconciliations/close",
            ["number": 1, "differences": [["id": 1, "reason": "credited"]]])
        #expect(closed.code == "OK", "\(closed.body)")
        let list = try await client.read("netflix/reconciliations/list")
        let all = try #require(list.data["reconciliations_set"] as? [[String: Any]])
        #expect(all.last?["closed_differences"] as? Int == 1)
        #expect(await node.end() == 0)
    }

    @Test("A large upload costs a node little memory; one that breaks off leaves its turn", .database)
    func aLargeUpload() async throws {
        let (node, client, internals) = try await serve(charges: 1)
        func memory() async throws -> Int {
            let page = try await Program.bash(
                "curl -sf http://127.0.0.1:\(internals)/metrics | grep ^process_resident_memory_bytes",
                in: "/tmp")
            return Int(Double(page.output.split(whereSeparator: \.isWhitespace).last ?? "") ?? 0)
        }
        let broken = RawSocket(port: client.port)
        broken.send(
            "POST /crmapi/rest/v2/netflix/reconciliations/create?from=2020-10-01&to=2020-11-01 HTTP/1.1\r\n"
                + "Host: a\r\nAuthorization: Bearer \(client.token)\r\nContent-Length: 1000000\r\n\r\nnumber\nN1\n"
        )
        broken.close()
        let before = try await memory()
        let created = try await run(
            client,
            """
            { echo number,billing_system_customer_identifier,amount
              seq 1 100000 | sed 's/.*/M&,customer-with-a-long-name-that-nobody-has-&,9.90/'; } >$folder/file
            create $folder/file large
            """)
        #expect(created.hasSuffix(" 202\n") && created.contains(#""rows":100000,"#), "\(created)")
        #expect(try await memory() - before < 64 * 1024 * 1024)
        #expect(await node.end() == 0)
    }
}
