import Foundation
import Testing

/// A page of the documentation, with its fenced blocks in the order of reading: a Markdown file, or one of the API's
/// HTML pages, whose commands are in `<pre class="run">`.
struct DocumentationPage {
    /// The path in the repository.
    let path: String
    let text: String

    /// A block with its tag, such as `sh compose`.
    struct Block {
        let tag: String
        let text: String
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOfFile: Self.root + "/" + path, encoding: .utf8)
    }

    /// All pages, by path.
    static func all() throws -> [DocumentationPage] {
        let manager = FileManager.default
        let guides = try manager.contentsOfDirectory(atPath: root + "/docs").filter { $0.hasSuffix(".md") }
        let pages = "Sources/HTTPFront/OpenAPI/Page/"
        let paths = ["CHANGELOG.md", "README.md", "SECURITY.md"] + guides.sorted().map { "docs/" + $0 }
        return try (paths + [pages + "operators.html", pages + "provider.html"]).map(DocumentationPage.init)
    }

    var isHTML: Bool { path.hasSuffix(".html") }

    var blocks: [Block] {
        if isHTML {
            return text.matches(of: #/<pre class="run">((?s:.*?))</pre>/#).map {
                Block(tag: "sh", text: Self.unescaped(String($0.output.1)))
            }
        }
        var blocks: [Block] = []
        var open: (tag: String, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let block = open {
                if line == "```" {
                    blocks.append(Block(tag: block.tag, text: block.lines.joined(separator: "\n")))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                open = (String(line.dropFirst(3)), [])
            }
        }
        return blocks
    }

    /// The targets of the page's links to files of the repository, from its root.
    var links: [String] {
        guard !isHTML else { return [] }
        let folder = (path as NSString).deletingLastPathComponent
        return text.matches(of: #/\]\(([^)#]+)/#).map { String($0.output.1) }.filter { !$0.hasPrefix("http") }
            .map { (folder as NSString).appendingPathComponent($0) }
    }

    private static func unescaped(_ html: String) -> String {
        let characters = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ]
        return characters.reduce(html) { $0.replacing($1.0, with: $1.1) }
    }
}
