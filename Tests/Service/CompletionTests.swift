import ChargeStore
import Foundation
import TestSupport
import Testing

/// Tests of the shells' completions and of the man page.
@Suite struct CompletionTests {
    @Test(
        "bash completes commands, options, and the names of reports and choices",
        arguments: [
            ("migr", ["migrate"]), ("report mone", ["money"]), ("operator ad", ["add"]),
            ("report money --form", ["--format"]), ("serve --log-format js", ["json"]),
            ("report money --format c", ["csv"]), ("user add --allow", ["--allow-short"]),
            ("charges list --status BAD", ["BAD_REQUEST"]), ("charges list --format nd", ["ndjson"]),
        ])
    func bash(line: String, completions: [String]) async throws {
        let result = try await Program.bash(
            """
            source <(countersign --generate-completion-script bash)
            COMP_WORDS=(countersign \(line))
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            COMP_LINE='countersign \(line)'
            COMP_POINT=${#COMP_LINE}
            _countersign countersign "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" || true
            printf '%s\\n' "${COMPREPLY[@]}"
            """, in: "/tmp")
        let given = result.output.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(given == completions, "\(result.error)")
    }

    @Test("Every shell's script has the names of the reports", arguments: ["bash", "zsh", "fish"])
    func reports(shell: String) async throws {
        let script = try await Program.run("--generate-completion-script", shell)
        #expect(script.status == 0)
        for report in Report.all { #expect(script.output.contains(report.name), "\(report.name)") }
    }

    /// `scripts/man-page --check` compares the whole page, with a tool that must be built for it.
    @Test("The man page has every command and option")
    func manPage() async throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../docs/countersign.1"), encoding: .utf8)
        let dump = try await Program.run("--experimental-dump-help")
        let help = try JSONSerialization.jsonObject(with: Data(dump.output.utf8)) as? [String: Any]
        var count = 0
        func look(_ command: [String: Any]) throws {
            let name = try #require(command["commandName"] as? String)
            #expect(page.contains(name), "\(name)")
            for argument in command["arguments"] as? [[String: Any]] ?? [] {
                for option in argument["names"] as? [[String: Any]] ?? []
                where option["kind"] as? String == "long" {
                    let option = try #require(option["name"] as? String)
                    count += 1
                    #expect(
                        page.contains(" Fl -\(option)") || page.contains(".Fl -\(option)")
                            || page.contains(", -\(option)"), "\(name) --\(option)")
                }
            }
            for inner in command["subcommands"] as? [[String: Any]] ?? [] { try look(inner) }
        }
        try look(try #require(help?["command"] as? [String: Any]))
        #expect(count > 100)
    }
}
