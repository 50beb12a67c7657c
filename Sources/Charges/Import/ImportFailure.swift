/// Why a file cannot be imported: one line for a person.
package struct ImportFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line of the file, counted from 1; `nil` for the file as a whole.
    package let line: Int?
    package let reason: String

    package init(line: Int?, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}
