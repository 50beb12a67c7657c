import Foundation
import HTTPTypes

/// The name of a request in the logs: the caller's own, or a new one.
enum RequestIdentifier {
    static func of(_ headers: HTTPFields) -> String {
        if let given = headers[.requestIdentifier], given.isVisibleASCII(upTo: 128) { return given }
        return UUID().uuidString.lowercased()
    }
}

extension String {
    /// Whether the text is 1 to so many visible ASCII characters.
    func isVisibleASCII(upTo maximum: Int) -> Bool {
        (1...maximum).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
