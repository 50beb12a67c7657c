extension String {
    /// The text with `\\u001b` and the like in the place of what could control a terminal or forge a line: control
    /// characters, line separators, and what changes the direction of text.
    ///
    /// - Parameter isEscaped: Whether such a character is escaped; all are by default.
    func escapingControls(_ isEscaped: (Unicode.Scalar) -> Bool = { _ in true }) -> String {
        // Printable ASCII is by far the most frequent.
        if utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
        var escaped = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            guard scalar.controlsOutput, isEscaped(scalar) else {
                escaped.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
            escaped.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
        }
        return String(escaped)
    }
}

extension Unicode.Scalar {
    fileprivate var controlsOutput: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
        }
    }
}
