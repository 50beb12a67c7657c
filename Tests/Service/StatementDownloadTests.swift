import Foundation
import TestSupport
import Testing

/// Tests of the downloads of statements from running nodes.
@Suite(.serialized) struct StatementDownloadTests {
    private var database: TestDatabase { TestDatabase.current }

    /// A running node with its ports.
    private struct ServingNode {
        let program: RunningProgram
        let operators: Int
        let internals: Int

        func metric(_ series: String) async throws -> Int {
            let page = try await Program.bash("curl -sf http://127.0.0.1:\(internals)/metrics", in: "/tmp")
                .output
            let line = page.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            return Int(Double(line?.dropFirst(series.count + 1) ?? "") ?? -1)
        }

        /// Reads a metric until it has a value, which comes soon after the client has seen the end.
        func counts(_ expected: Int, _ series: String) async throws {
            for _ in 0..<1000 where try await metric(series) == expected { return }
            Issue.record("\(series) is never \(expected)")
        }
    }

    private func serve(_ options: String = "") async throws -> ServingNode {
        let program = try RunningProgram(
            shell: "exec countersign serve --port 0 --internal-port 0 \(options)",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let ports = try await program.ports()
        return ServingNode(program: program, operators: ports.operators, internals: ports.internals)
    }

    private func administer(_ script: String) async throws -> Program.Result {
        let result = try await Program.bash(
            script, environment: ["DATABASE_URL": database.administrationConnectionString], in: "/tmp")
        #expect(result.status == 0, "\(result.error)")
        return result
    }

    /// Closes statements: the first with that many events, in lines of some 250 bytes, the second without.
    private func addStatements(thousands: Int) async throws {
        try await Program.addDemoUser(to: database)
        try await database.session.execute(
            """
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date)
            SELECT
                1, 'N' || i, rpad('p' || i, 128, 'x'), rpad('c' || i, 64, 'y'), 9.90, 'USD', 9.10, 'EUR',
                '2026-12-01'
            FROM generate_series(1, \(thousands * 1000)) AS i
            """)
        for thousand in 0..<thousands {
            try await database.session.execute(
                """
                SELECT FROM countersign.process(
                    'outcome', 0, clock_timestamp() + interval '10 minutes',
                    array_fill('ACME'::text, ARRAY[1000]),
                    ARRAY(SELECT 'N' || i FROM generate_series(\(thousand) * 1000 + 1, \(thousand) * 1000 + 1000) AS i),
                    array_fill(NULL::integer, ARRAY[1000]), array_fill('REJECTED'::text, ARRAY[1000]))
                """)
        }
        _ = try await administer(
            "countersign statement close --operator ACME; countersign statement close --operator ACME")
    }

    /// The header that begins the download of statement 1.
    private func request(_ node: ServingNode) async throws -> String {
        let token = try await Client(port: node.operators).login("ACME").token
        return "GET /crmapi/rest/v2/netflix/statements/download?number=1 HTTP/1.1\r\nHost: localhost\r\n"
            + "Authorization: Bearer \(token)\r\n\r\n"
    }

    @Test(
        "Operator and provider get the bytes of the exported file on every node; a known file is 304",
        .database)
    func theSameBytes() async throws {
        try await addStatements(thousands: 3)
        let nodes = [try await serve(), try await serve()]
        for node in nodes {
            let token = try await Client(port: node.operators).login("ACME").token
            let result = try await administer(
                """
                folder=$(mktemp -d)
                key=$(countersign provider-key add bridge-\(node.internals))
                countersign statement export 1 --operator ACME >$folder/exported
                countersign statement export 1 --operator ACME --format ndjson >$folder/exported.ndjson
                own=http://127.0.0.1:\(node.operators)/crmapi/rest/v2/netflix/statements
                provider=http://127.0.0.1:\(node.internals)/provider/v1/statements
                curl -sf -D $folder/headers -H 'Authorization: Bearer \(token)' "$own/download?number=1" >$folder/own
                curl -sf -H 'Authorization: Bearer \(token)' "$own/download?number=1&format=ndjson" >$folder/own.ndjson
                curl -sf -H "Authorization: Bearer $key" "$provider/download?operator=ACME&number=1" >$folder/provider
                cmp $folder/exported $folder/own
                cmp $folder/exported $folder/provider
                cmp $folder/exported.ndjson $folder/own.ndjson
                digest=$(tail -1 $folder/own | cut -d , -f 6)
                tag='"'$digest.csv'"'
                grep -qiF "etag: $tag" $folder/headers
                curl -s -o $folder/none -w '%{http_code} ' -H 'Authorization: Bearer \(token)' \
                    -H "If-None-Match: $tag" "$own/download?number=1"
                test ! -s $folder/none
                curl -sf -H "Authorization: Bearer $key" "$provider/list?operator=ACME&number_of_results=2" | grep -c $digest
                wc -l <$folder/own
                rm -r $folder
                """)
            #expect(
                result.output.split(whereSeparator: \.isWhitespace) == ["304", "1", "3003"], "\(result.error)"
            )
            #expect(await node.program.end() == 0)
        }
    }

    @Test(
        "A download costs a node little memory, and a client that goes away leaves nothing behind", .database)
    func memoryAndAClientThatIsGone() async throws {
        try await addStatements(thousands: 30)
        let node = try await serve()
        let request = try await request(node)
        let before = try await node.metric("process_resident_memory_bytes")
        let gone = RawSocket(port: node.operators, receiveBuffer: 64 * 1024)
        gone.send(request)
        #expect(gone.bytes(100_000).count == 100_000)
        // The next transfer waits for the turn of the first one, which a client that is gone leaves.
        gone.close()
        let socket = RawSocket(port: node.operators)
        socket.send(request.replacing("HTTP/1.1", with: "HTTP/1.0"))
        var count = 0
        var end: [UInt8] = []
        while case let bytes = socket.bytes(1_000_000), !bytes.isEmpty {
            count += bytes.count
            end = (end + bytes).suffix(100)
        }
        #expect(count > 30_000 * 220 && String(decoding: end, as: UTF8.self).contains("\nEND,,30000,,,"))
        let after = try await node.metric("process_resident_memory_bytes")
        #expect(after - before < 64 * 1024 * 1024, "\(before) \(after)")
        try await node.counts(1, #"countersign_transfers_total{direction="download",result="client_gone"}"#)
        try await node.counts(1, #"countersign_transfers_total{direction="download",result="complete"}"#)
        let busy = try await database.session.texts(
            """
            SELECT pid::text FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'countersign_node' AND state <> 'idle'
            """)
        #expect(busy == [])
        #expect(await node.program.end() == 0)
    }

    @Test(
        "A node that is drained or killed in the middle leaves a file without its end", .database,
        arguments: [true, false])
    func aNodeThatStops(drained: Bool) async throws {
        try await addStatements(thousands: 30)
        let node = try await serve("--drain-milliseconds 0 --call-timeout-milliseconds 2000")
        let socket = RawSocket(port: node.operators, receiveBuffer: 64 * 1024)
        socket.send(try await request(node))
        _ = socket.bytes(100_000)
        node.program.signal(drained ? SIGTERM : SIGKILL)
        if drained { #expect(await node.program.end(0) == 0) }
        var end: [UInt8] = []
        while case let bytes = socket.bytes(1_000_000), !bytes.isEmpty { end = (end + bytes).suffix(400) }
        let text = String(decoding: end, as: UTF8.self)
        #expect(!text.hasSuffix("0\r\n\r\n") && !text.contains("END,"))
        socket.close()
    }

    @Test("A statement whose digest is missing is 503 until it is computed", .database)
    func aMissingDigest() async throws {
        try await addStatements(thousands: 1)
        let node = try await serve()
        // No node can compute it without the events.
        try await database.session.execute(
            """
            SET session_replication_role = replica;
            UPDATE countersign.statement SET digest = NULL;
            DELETE FROM countersign.event_batch;
            RESET session_replication_role
            """)
        let client = try await Client(port: node.operators).login("ACME")
        let answer = try await client.read("netflix/statements/download?number=1")
        #expect(answer.status == 503 && answer.code == "SERVICE_UNAVAILABLE")
        let list = try await client.read("netflix/statements/list?number_of_results=50")
        let set = try #require(list.data["statements_set"] as? [[String: Any]])
        #expect(set.map { $0["number"] as? Int } == [2, 1] && set[0]["digest"] is NSNull)
        #expect(await node.program.end() == 0)
    }
}
