import Foundation
import LibPQ
import TestSupport
import Testing

/// Tests of the README: its commands run, in its order, and answer as shown.
@Suite struct ReadmeTests {
    /// A fenced block: its language, and its lines.
    private struct Block {
        let language: String
        let text: String
    }

    private static func blocks() throws -> [Block] {
        let readme = try String(contentsOfFile: root + "/README.md", encoding: .utf8)
        let parts = readme.components(separatedBy: "```")
        return stride(from: 1, to: parts.count, by: 2).map { index in
            let lines = parts[index].split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return Block(language: String(lines[0]), text: String(lines.last ?? ""))
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test("The README's commands run and answer as shown", .database)
    func itsCommandsAnswerWhatItSays() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = try RunningProgram(
            "dev", environment: ["COUNTERSIGN_PORT": "0", "COUNTERSIGN_INTERNAL_PORT": "0"], in: folder)
        let serving = try await program.line(with: "Countersign is running at http://127.0.0.1:")
        let port = try #require(serving.split(separator: ":").last?.split(separator: "/").first)

        // One shell runs all commands, so that each finds what the ones before it left.
        var script = ""
        var answers: [Int: String] = [:]
        var count = 0
        for block in try Self.blocks() {
            switch block.language {
            case "sh":
                count += 1
                script += "{ \(block.text)\n} > answer-\(count)\n"
            case "json": answers[count] = block.text
            default:
                // These are the two scripts that build and test the program that runs here.
                #expect(FileManager.default.isExecutableFile(atPath: Self.root + "/" + block.text.trimmed))
            }
        }
        #expect(count >= 4 && answers.count >= 2)
        let database = try await emptyDatabase()
        let result = try await Program.bash(
            script.replacingOccurrences(of: "127.0.0.1:8080", with: "127.0.0.1:\(port)"),
            environment: ["DATABASE_URL": database], in: folder)
        #expect(result.status == 0, "\(result.error)")
        for (number, answer) in answers {
            let given = try String(contentsOfFile: folder + "/answer-\(number)", encoding: .utf8)
            #expect(try object(given) == object(answer), "\(given)")
        }
        let last = try String(contentsOfFile: folder + "/answer-\(count)", encoding: .utf8)
        #expect(last.contains("1 charge was imported.") && last.contains("pci155"))
        #expect(await program.end() == 0)
    }

    @Test("The README's links lead to existing files")
    func itsLinksLeadSomewhere() throws {
        let readme = try String(contentsOfFile: Self.root + "/README.md", encoding: .utf8)
        let links = readme.matches(of: #/\]\(([^)#]+)/#).map { String($0.output.1) }
        #expect(links.count >= 4)
        for link in links where !link.hasPrefix("http") {
            #expect(FileManager.default.fileExists(atPath: Self.root + "/" + link), "\(link)")
        }
    }

    private func emptyDatabase() async throws -> String {
        let name = TestDatabase.current.name + "_empty"
        try await TestDatabase.current.session.execute("CREATE DATABASE \(name) TEMPLATE template0")
        return TestServer.shared.connectionParameters(database: name).connectionString
    }

    private func object(_ text: String) throws -> NSObject {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSObject)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
