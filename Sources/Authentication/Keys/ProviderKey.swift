import Crypto
import Foundation

/// A key with which the provider's bridge calls: 256 random bits, as text.
package struct ProviderKey: Sendable {
    /// The key itself, in base64url without padding. It is shown once and stored nowhere.
    package let text: String

    /// A new one, from the system's generator.
    package static func random() -> ProviderKey {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        return ProviderKey(
            text: bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: ""))
    }

    /// How many characters a key has.
    private static let length = 43

    /// - Returns: `nil` if the text cannot be a key.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.init(text: text)
    }

    private init(text: String) {
        self.text = text
    }

    /// What is stored in its place. Of 256 random bits a plain SHA-256 tells nothing.
    package var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}
