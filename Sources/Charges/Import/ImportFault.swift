/// A fault of a file that is to be imported: where it is, what stands there, and what should.
package struct ImportFault: Equatable, Sendable {
    /// The line of the file, counted from 1; `nil` for the file as a whole.
    package let line: Int?
    /// The column's name; `nil` for the line as a whole.
    package let column: String?
    /// The value in the column, as the file has it; `nil` if there is none.
    package let value: String?
    /// The reason, as a sentence without its full stop.
    package let reason: String

    package init(line: Int?, column: String? = nil, value: String? = nil, reason: String) {
        self.line = line
        self.column = column
        self.value = value
        self.reason = reason
    }

    /// The failure of an import with this fault.
    package var failure: ImportFailure { ImportFailure(line: line, reason) }
}

extension [ImportFault] {
    /// The first faults in the order of their lines. Faults of one line stay in their order.
    package func firstByLine(atMost maximum: Int) -> [ImportFault] {
        let sorted = enumerated().sorted { left, right in
            (left.element.line ?? 0, left.offset) < (right.element.line ?? 0, right.offset)
        }
        return sorted.prefix(maximum).map(\.element)
    }
}

/// All faults of one line, at least one, in the order in which they were found.
package struct ImportFaults: Error, Equatable, Sendable {
    package let faults: [ImportFault]
}

/// The reason why a file cannot be imported, as one line for a person.
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
