import Foundation
import TestSupport
import Testing

/// Tests of the documentation: the commands of every page run, in the order of reading, and answer as shown.
@Suite struct DocumentationTests {
    /// The tags of fenced blocks, and what becomes of them.
    private static let tags: Set = [
        // Run by the test below. JSON after a command is its answer, where `…` stands for anything.
        "sh", "sql", "json",
        // Run by scripts/compose-test, by scripts/test-long, and by nobody.
        "sh compose", "sh long", "sh manual", "sql manual",
        // No commands.
        "text", "yaml", "conf", "mermaid",
    ]

    @Test("Every fenced block has a known tag")
    func everyBlockHasAKnownTag() throws {
        for page in try DocumentationPage.all() {
            for block in page.blocks {
                #expect(Self.tags.contains(block.tag), "\(page.path): \(block.text.prefix(60))")
            }
        }
    }

    @Test("Every link leads to an existing file")
    func everyLinkLeadsSomewhere() throws {
        let pages = try DocumentationPage.all()
        #expect(pages.reduce(0) { $0 + $1.links.count } > 40)
        for page in pages {
            for link in page.links {
                let path = DocumentationPage.root + "/" + link
                #expect(FileManager.default.fileExists(atPath: path), "\(page.path): \(link)")
            }
        }
    }

    @Test(
        "The commands of all pages run on one demo, and answer as shown, whatever page comes first",
        arguments: [false, true])
    func theCommandsRun(reversed: Bool) async throws {
        let demo = try await DocumentationDemo()
        let pages = try DocumentationPage.all()
        for page in reversed ? pages.reversed() : pages {
            try await demo.run(page)
        }
        try await demo.end()
    }
}
