/// An operator's own name for a charge, given with a decision. Once taken it names that charge for ever.
package enum ReferenceNumber {
    /// The longest one, in Unicode scalars.
    package static let maximumScalars = 64

    /// Whether the text can be a reference number: not blank, at most 64 scalars, no control characters.
    package static func isValid(_ text: ExactText) -> Bool {
        var scalars = 0
        var blank = true
        for scalar in text.string.unicodeScalars {
            scalars += 1
            if scalars > maximumScalars || scalar.properties.generalCategory == .control { return false }
            if !scalar.properties.isWhitespace { blank = false }
        }
        return !blank
    }
}
