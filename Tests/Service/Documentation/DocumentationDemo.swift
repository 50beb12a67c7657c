import Foundation
import TestSupport
import Testing

/// A run of `countersign dev` on which the commands of pages run.
struct DocumentationDemo {
    private let folder: String
    private let ports: (operators: Int, internals: Int)
    private let program: RunningProgram

    /// Starts the demo in a folder of its own, which has the sources' `sql` as the folder of `scripts/run` does.
    init() async throws {
        folder = TestServer.makeDirectory()
        ports = (TestServer.freePort(), TestServer.freePort())
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/sql", withDestinationPath: DocumentationPage.root + "/sql")
        program = try RunningProgram(
            "dev",
            environment: [
                "COUNTERSIGN_PORT": "\(ports.operators)", "COUNTERSIGN_INTERNAL_PORT": "\(ports.internals)",
                "COUNTERSIGN_ADMIN_PORT": "0",
            ], in: folder)
        try await program.line(with: "Countersign is running at")
    }

    func end() async throws {
        #expect(await program.end() == 0)
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Runs a page's commands in one shell, and compares what they print with the answers that the page shows.
    /// `DATABASE_URL` is an empty database, unless the page sets it.
    func run(_ page: DocumentationPage) async throws {
        var script = ""
        var answers: [Int: String] = [:]
        var count = 0
        for block in page.blocks {
            switch block.tag {
            case "sh", "sql":
                count += 1
                let text = block.tag == "sh" ? block.text : Self.psql(block.text)
                script += "{ \(text)\n} > answer-\(count)\n"
            case "json" where count > 0: answers[count] = block.text
            case "json": _ = try Self.json(block.text)
            default: break
            }
        }
        guard count > 0 else { return }
        let result = try await Program.bash(
            script.replacing("127.0.0.1:8080", with: "127.0.0.1:\(ports.operators)")
                .replacing("127.0.0.1:8081", with: "127.0.0.1:\(ports.internals)"),
            environment: ["DATABASE_URL": try await emptyDatabase()], in: folder)
        #expect(result.status == 0, "\(page.path): \(result.error)")
        for number in 1...count {
            let given = try String(contentsOfFile: folder + "/answer-\(number)", encoding: .utf8)
            if let answer = answers[number] {
                #expect(Self.matches(try Self.json(given), try Self.json(answer)), "\(page.path): \(given)")
            } else if given.hasPrefix(#"{"data":"#) {
                #expect(given.contains(#""code":"OK""#), "\(page.path): \(given)")
                #expect(!given.contains(#""failed_"#), "\(page.path): \(given)")
            }
        }
    }

    /// A new database of the demo's server, for its superuser.
    private func emptyDatabase() async throws -> String {
        let name = "empty_\(UInt32.random(in: 0 ... .max))"
        let made = try await Program.bash(
            "psql --no-psqlrc -q 'host=\(folder)/.countersign/socket user=postgres dbname=postgres' "
                + "-c 'CREATE DATABASE \(name) TEMPLATE template0'", in: folder)
        #expect(made.status == 0, "\(made.error)")
        return "host=\(folder)/.countersign/socket user=postgres dbname=\(name)"
    }

    /// The command that runs statements as the superuser of the demo.
    private static func psql(_ statements: String) -> String {
        """
        psql --no-psqlrc -q -v ON_ERROR_STOP=1 "host=$PWD/.countersign/socket user=postgres dbname=countersign" <<'SQL'
        \(statements)
        SQL
        """
    }

    private static func json(_ text: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    /// Whether a value matches the one that a page shows.
    private static func matches(_ given: Any, _ shown: Any) -> Bool {
        switch (given, shown) {
        case (_, "…" as String): true
        case (let given as [String: Any], let shown as [String: Any]):
            given.keys == shown.keys && shown.allSatisfy { matches(given[$0.key] ?? NSNull(), $0.value) }
        case (let given as [Any], let shown as [Any]):
            given.count == shown.count && zip(given, shown).allSatisfy { matches($0, $1) }
        default: (given as? NSObject) == (shown as? NSObject)
        }
    }
}
