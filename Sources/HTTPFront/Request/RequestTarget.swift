import Charges
import Foundation
import HTTPTypes

/// The target of a request: the path, and the parameters of the query.
struct RequestTarget {
    let path: String
    /// The decoded names and values of the query. In it `+` is a space, as in the form encoding of PHP, Python and Java.
    let parameters: [(name: String, value: String)]

    init(_ text: String) {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            path = text
            parameters = []
            return
        }
        path = String(text[..<mark])
        parameters = text.utf8[text.utf8.index(after: mark)...]
            .split(separator: UInt8(ascii: "&"))
            .map { pair in
                guard let sign = pair.firstIndex(of: UInt8(ascii: "=")) else {
                    return (Self.decoded(pair), "")
                }
                return (Self.decoded(pair[..<sign]), Self.decoded(pair[pair.index(after: sign)...]))
            }
    }

    /// The decoded text. A text that cannot be decoded stays as it is, since without it the parameter would be absent.
    private static func decoded(_ part: Substring.UTF8View) -> String {
        let text = String(Substring(part))
        guard part.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return text
        }
        return text.replacing("+", with: " ").removingPercentEncoding ?? text
    }
}

/// The id of a request in the logs: the one that the client sent, or a new one.
enum RequestIdentifier {
    static func of(_ headers: HTTPFields) -> String {
        if let given = headers[.requestIdentifier], given.isVisibleASCII(upTo: 128) { return given }
        return new
    }

    /// A new random UUID (RFC 9562, section 5.4), in lower case. Foundation's opens a file for each one. The kernel is
    /// asked once: a generator of random numbers would ask it for each half.
    static var new: String {
        var random: (UInt64, UInt64) = (0, 0)
        precondition(
            getentropy(&random, MemoryLayout.size(ofValue: random)) == 0, "the kernel has no entropy")
        let high = random.0 & ~0xF000 | 0x4000
        let low = random.1 >> 2 | 1 << 63
        return String(unsafeUninitializedCapacity: 36) { text in
            write(high >> 32, digits: 8, to: text, at: 0)
            text[8] = UInt8(ascii: "-")
            write(high >> 16, digits: 4, to: text, at: 9)
            text[13] = UInt8(ascii: "-")
            write(high, digits: 4, to: text, at: 14)
            text[18] = UInt8(ascii: "-")
            write(low >> 48, digits: 4, to: text, at: 19)
            text[23] = UInt8(ascii: "-")
            write(low, digits: 12, to: text, at: 24)
            return 36
        }
    }

    /// Writes the last hexadecimal digits of a number.
    private static func write(
        _ number: UInt64, digits count: Int, to text: UnsafeMutableBufferPointer<UInt8>, at place: Int
    ) {
        for digit in 0..<count {
            let value = Int(number >> UInt64(4 * (count - 1 - digit)) & 15)
            text[place + digit] = Hexadecimal.digits.utf8Start[value]
        }
    }
}

extension String {
    /// Whether the text has at least one and at most this number of characters, all of them visible ASCII.
    func isVisibleASCII(upTo maximum: Int) -> Bool {
        (1...maximum).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
