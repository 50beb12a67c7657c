import Charges
import Crypto

/// A web API key: 256 random bits, as 64 hexadecimal digits. What is stored of it is its SHA-256 alone.
package struct APIKey: Sendable {
    /// What its holder logs in with. It stands in no log and in no description.
    package let text: String

    /// A new key.
    package init() {
        text = Hexadecimal.text(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// Whatever somebody presents as a key.
    package init(text: String) {
        self.text = text
    }

    /// What is stored.
    package var hash: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "API key" }
    package var debugDescription: String { description }
}
