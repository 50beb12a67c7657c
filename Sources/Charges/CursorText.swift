/// The text of a place in a list, as a client holds it: hexadecimal digits, opaque to it.
///
/// The text ends with a digest of the list's name and the place. So a cursor that was altered, or made for another list,
/// is refused. The digest is not a secret: a client that forges a cursor only starts elsewhere in its own list.
enum CursorText {
    /// - Parameter list: The name of the list, with all that the cursor is valid for.
    static func text(_ place: [UInt8], of list: String) -> String {
        Hexadecimal.text(place + bigEndian(digest(Array(list.utf8) + place)))
    }

    /// Reads a place back; `nil` if the text is not a cursor of the list.
    static func bytes(of text: String, in list: String) -> [UInt8]? {
        guard let bytes = Hexadecimal.bytes(text), bytes.count >= 8 else { return nil }
        let place = Array(bytes.dropLast(8))
        return self.text(place, of: list).utf8.elementsEqual(text.utf8) ? place : nil
    }

    static func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    /// The FNV-1a hash, 64 bits wide. It differs if any one byte differs.
    private static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

/// A place in a list of numbered things as a client holds it: an opaque text. Only that list of that operator takes it.
package enum NumberCursor {
    /// The cursor for what comes after a number.
    package static func text(_ number: Int64, of list: String, operatorCode: String) -> String {
        CursorText.text(
            CursorText.bigEndian(UInt64(bitPattern: number)), of: name(list, operatorCode))
    }

    /// Reads a cursor back; `nil` if the text is not a cursor of this list.
    package static func number(in text: String, of list: String, operatorCode: String) -> Int64? {
        guard let bytes = CursorText.bytes(of: text, in: name(list, operatorCode)), bytes.count == 8 else {
            return nil
        }
        return Int64(bitPattern: bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    }

    private static func name(_ list: String, _ operatorCode: String) -> String {
        "\(list) 1 \(operatorCode.utf8.count) \(operatorCode)"
    }
}
