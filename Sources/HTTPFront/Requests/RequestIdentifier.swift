import Foundation
import HTTPTypes

/// The name of a request in the logs: the caller's own, or a new one.
enum RequestIdentifier {
    static func of(_ headers: HTTPFields) -> String {
        if let given = headers[.requestIdentifier], given.isVisibleASCII(upTo: 128) { return given }
        return new
    }

    /// A new UUID, in small letters.
    static var new: String {
        let digits: StaticString = "0123456789abcdef"
        return withUnsafeBytes(of: UUID().uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var place = 0
                for (index, byte) in bytes.enumerated() {
                    if [4, 6, 8, 10].contains(index) {
                        text[place] = UInt8(ascii: "-")
                        place += 1
                    }
                    text[place] = digits.utf8Start[Int(byte >> 4)]
                    text[place + 1] = digits.utf8Start[Int(byte & 15)]
                    place += 2
                }
                return place
            }
        }
    }
}

extension String {
    /// Whether the text is 1 to so many visible ASCII characters.
    func isVisibleASCII(upTo maximum: Int) -> Bool {
        (1...maximum).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
