import Foundation
import LibPQ
import TestSupport
import Testing

/// Tests of the guides: their commands run, in their order, against `countersign dev`, and answer as shown. A `…` in an
/// answer stands for anything.
@Suite struct GuideTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test(
        "A guide's commands run and answer as shown",
        arguments: ["operator-guide", "provider-guide", "administration", "moving"])
    func itsCommandsAnswerWhatItSays(guide: String) async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ports = (operators: TestServer.freePort(), internals: TestServer.freePort())
        let program = try RunningProgram(
            "dev",
            environment: [
                "COUNTERSIGN_PORT": "\(ports.operators)", "COUNTERSIGN_INTERNAL_PORT": "\(ports.internals)",
            ], in: folder)
        try await program.line(with: "Countersign is running at")
        let text = try String(contentsOfFile: Self.root + "/docs/\(guide).md", encoding: .utf8)
        var script = ""
        var answers: [Int: String] = [:]
        var count = 0
        for match in text.matches(of: #/```(sh|json)\n((?s:.*?))```/#) {
            if match.output.1 == "sh" {
                count += 1
                script += "{ \(match.output.2)\n} > answer-\(count)\n"
            } else {
                answers[count] = String(match.output.2)
            }
        }
        #expect(count > 0)
        let result = try await Program.bash(
            script.replacingOccurrences(of: "127.0.0.1:8080", with: "127.0.0.1:\(ports.operators)")
                .replacingOccurrences(of: "127.0.0.1:8081", with: "127.0.0.1:\(ports.internals)"),
            in: folder)
        #expect(result.status == 0, "\(result.error)")
        for number in 1...count {
            let given = try String(contentsOfFile: folder + "/answer-\(number)", encoding: .utf8)
            if let answer = answers[number] {
                #expect(Self.matches(try Self.json(given), try Self.json(answer)), "\(given)")
            } else if given.hasPrefix("{") {
                #expect(given.contains(#""code":"OK""#), "\(given)")
            }
        }
        #expect(await program.end() == 0)
    }

    private static func json(_ text: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    /// Whether a value matches the one that a guide shows.
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
