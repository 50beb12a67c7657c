/// Random texts that nobody can guess: 128 bits from the system's random number generator, as 32 hexadecimal digits.
package enum RandomText {
    private static let byteCount = 16

    /// A new text.
    package static var new: String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// Whether a text has the form of one.
    package static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count == 2 * byteCount && Hexadecimal.bytes(text) != nil
    }
}
