import Foundation
import TestSupport
import Testing

/// Tests of a node's metrics page: docs/metrics.md describes it, and no series comes later.
@Suite struct MetricsPageTests {
    /// A metric as the page or the document has it.
    private struct Entry: Equatable {
        let type: String
        let labels: [String]
        let meaning: String
    }

    private func withNode(_ body: (Client, () async throws -> String) async throws -> Void) async throws {
        let database = TestDatabase.current!
        try await Program.addDemoUser(to: database)
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let ports = try await node.ports()
        try await body(Client(port: ports.operators)) {
            try await Program.bash("curl -sf http://127.0.0.1:\(ports.internals)/metrics", in: "/tmp").output
        }
        #expect(await node.end() == 0)
    }

    /// The series of a page, without their values.
    private func series(_ page: String) -> Set<Substring> {
        Set(
            page.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
                $0[..<($0.lastIndex(of: " ") ?? $0.endIndex)]
            })
    }

    @Test("docs/metrics.md has every metric of a node's page, with its type, labels and meaning", .database)
    func document() async throws {
        let text = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../docs/metrics.md"), encoding: .utf8)
        var described: [String: Entry] = [:]
        for row in text.matches(of: #/\n\| `([a-z_]+)` \| ([a-z]+) \| ([^|]*) \| ([^|]+) \|/#) {
            described[String(row.output.1)] = Entry(
                type: String(row.output.2),
                labels: row.output.3.matches(of: #/`([a-z_]+)`/#).map { String($0.output.1) },
                meaning: String(row.output.4))
        }
        try await withNode { _, page in
            let page = try await page()
            var found: [String: Entry] = [:]
            for metric in page.matches(of: #/# HELP ([a-z_]+) ([^\n]+)\n# TYPE [a-z_]+ ([a-z]+)\n([^#]*)/#) {
                let type = String(metric.output.3)
                var labels = metric.output.4.split(separator: "\n").first.map {
                    $0.matches(of: #/([a-z_]+)="/#).map { String($0.output.1) }
                }
                if type == "histogram" { labels?.removeLast() }
                found[String(metric.output.1)] = Entry(
                    type: type, labels: labels ?? ["no series"], meaning: String(metric.output.2))
            }
            #expect(found.count > 25)
            for (name, entry) in found { #expect(described[name] == entry, "\(name)") }
            #expect(Set(described.keys) == Set(found.keys))
        }
    }

    @Test("Every series is on the page from the start", .database)
    func fromTheStart() async throws {
        try await TestDatabase.current.addCharges(3, prefix: "N")
        try await withNode { client, page in
            let first = try await page()
            #expect(
                first.contains(
                    "\ncountersign_calls_total{call=\"netflix/charges/accept\",code=\"OK\",http_status=\"200\"} 0\n"
                ))
            _ = try await client.login("ACME").accept([("N1", "cN1"), ("N2", "wrong"), ("nothing", "cN1")])
            // Wrong calls of several kinds, on paths that exist and that do not.
            let base = "http://127.0.0.1:\(client.port)"
            let calls = try await Program.bash(
                """
                api=\(base)/crmapi/rest/v2
                for path in netflix/charges/accept netflix/charges/list authentication/token nowhere; do
                    curl -s "$api/$path"
                    curl -s "$api/$path" -d '{'
                    curl -s "$api/$path" -H 'Authorization: Bearer wrong' -d '{}'
                    curl -s -X DELETE "$api/$path"
                done
                curl -s \(base)/readyz
                curl -s \(base)/docs >/dev/null
                curl -s \(base)/
                printf 'NONSENSE\\r\\n\\r\\n' | timeout 10 bash -c 'exec 3<>/dev/tcp/127.0.0.1/\(client.port); cat >&3; head -c 20 <&3'
                """, in: "/tmp")
            #expect(calls.output.contains("NOT_FOUND") && calls.output.contains("INVALID_TOKEN"))
            let last = try await page()
            #expect(series(last).subtracting(series(first)) == [])
            #expect(last.contains("\ncountersign_batch_calls_sum 1\n"))
            #expect(last.contains("\ncountersign_database_up 1\n"))
        }
    }
}
