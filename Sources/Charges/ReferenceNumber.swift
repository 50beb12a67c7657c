/// An operator's own name for a charge, given with a decision. Once taken, it names that charge permanently.
package enum ReferenceNumber {
    /// The maximum length, in Unicode scalars.
    package static let maximumScalars = 64

    /// Whether the text can be a reference number: not blank, at most 64 scalars, no control characters.
    package static func isValid(_ text: ExactText) -> Bool {
        if let isValid = isValidASCII(text) { return isValid }
        var scalars = 0
        var blank = true
        for scalar in text.string.unicodeScalars {
            scalars += 1
            if scalars > maximumScalars || scalar.properties.generalCategory == .control { return false }
            if !scalar.properties.isWhitespace { blank = false }
        }
        return !blank
    }

    /// The same rule for an ASCII text, without Unicode's tables; `nil` for any other text.
    private static func isValidASCII(_ text: ExactText) -> Bool? {
        var blank = true
        var hasControl = false
        for byte in text.string.utf8 {
            if byte >= 0x80 { return nil }
            if byte < 0x20 || byte == 0x7F { hasControl = true }
            if byte != 0x20 { blank = false }
        }
        return !blank && !hasControl && text.string.utf8.count <= maximumScalars
    }
}
