/// A question that the database answers: a file of `sql/reports`, which psql runs as it stands.
package struct Report: Sendable {
    package let name: String
    /// What it answers, one sentence.
    package let question: String
    /// All that the file says of itself: its question, its parameters and its columns.
    package let description: String
    package let script: ReportScript

    /// - Parameters:
    ///   - name: The file's name without its ending.
    ///   - contents: The file.
    init(name: String, contents: [UInt8]) {
        let text = String(decoding: contents, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let opening = lines.prefix { $0.hasPrefix("--") }.map { $0.dropFirst($0.hasPrefix("-- ") ? 3 : 2) }
        let marker = "Question: "
        guard let first = opening.first, first.hasPrefix(marker) else {
            preconditionFailure("the report \(name) does not open with its question")
        }
        do {
            script = try ReportScript(lines.dropFirst(opening.count).joined(separator: "\n"))
        } catch {
            preconditionFailure("the report \(name) cannot be read: \(error)")
        }
        self.name = name
        question = String(first.dropFirst(marker.count))
        description = opening.joined(separator: "\n")
    }
}
