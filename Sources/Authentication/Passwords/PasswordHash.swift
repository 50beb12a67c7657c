import Crypto
import CryptoExtras
import Foundation

/// The hash of a password by scrypt (RFC 7914), which is expensive in memory as well as in time.
///
/// Its text contains the parameters, so that they can be raised without changing stored hashes:
/// `$scrypt$ln=14,r=8,p=1$SALT$HASH`, salt and hash in base64.
package struct PasswordHash: Equatable, Sendable {
    private let logarithmOfRounds: Int
    private let blockSize: Int
    private let parallelism: Int
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Hashes a password with a fresh salt. That takes about 50 ms of a core and 16 MiB, too much for an event loop:
    /// `PasswordHasher` has threads for it.
    package init(password: String) {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
        self.init(password: password, salt: salt, logarithmOfRounds: 14, blockSize: 8, parallelism: 1)
    }

    private init(password: String, salt: [UInt8], logarithmOfRounds: Int, blockSize: Int, parallelism: Int) {
        self.logarithmOfRounds = logarithmOfRounds
        self.blockSize = blockSize
        self.parallelism = parallelism
        self.salt = salt
        // The parameters have been checked; only a lack of memory can make this fail.
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << logarithmOfRounds,
            blockSize: blockSize, parallelism: parallelism, maxMemory: 256 * 1024 * 1024)
        hash = key?.withUnsafeBytes { Array($0) } ?? []
    }

    /// Reads a hash from its text.
    ///
    /// - Returns: `nil` if the text is not a hash, or needs more than 128 MiB.
    package init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        var parameters: [Substring: Int] = [:]
        for parameter in parts[2].split(separator: ",") {
            let pair = parameter.split(separator: "=")
            guard pair.count == 2, let value = Int(pair[1]) else { return nil }
            parameters[pair[0]] = value
        }
        guard let rounds = parameters["ln"], let blockSize = parameters["r"],
            let parallelism = parameters["p"],
            (10...20).contains(rounds), (1...16).contains(blockSize), (1...4).contains(parallelism),
            (1 << rounds) * blockSize * 128 <= 128 * 1024 * 1024,
            let salt = Data(base64Encoded: String(parts[3])),
            let hash = Data(base64Encoded: String(parts[4])),
            salt.count >= 16, hash.count == 32
        else { return nil }
        logarithmOfRounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
        self.salt = Array(salt)
        self.hash = Array(hash)
    }

    /// The text that is stored.
    package var text: String {
        "$scrypt$ln=\(logarithmOfRounds),r=\(blockSize),p=\(parallelism)$"
            + "\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())"
    }

    /// Whether this is the hash of a password. The comparison takes constant time. It is as expensive as hashing.
    package func matches(_ password: String) -> Bool {
        let other = PasswordHash(
            password: password, salt: salt, logarithmOfRounds: logarithmOfRounds, blockSize: blockSize,
            parallelism: parallelism)
        guard other.hash.count == hash.count, !hash.isEmpty else { return false }
        return zip(other.hash, hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A hash that no password has. Comparing with it takes as long as comparing with a real one.
    static let ofNobody = PasswordHash(text: "$scrypt$ln=14,r=8,p=1$\(zeros(16))$\(zeros(32))")!

    private static func zeros(_ count: Int) -> String {
        Data(repeating: 0, count: count).base64EncodedString()
    }
}

/// The rule for well-formed passwords, names and codes.
package enum PasswordRule {
    /// The maximum length of a password, name or code, in bytes. A longer one is wrong at login.
    package static let maximumBytes = 1024

    /// The minimum length of a new password, in characters.
    package static let minimumCharacters = 12

    /// Whether a new password is long enough. Unicode scalars are counted.
    package static func isLongEnough(_ password: String) -> Bool {
        password.unicodeScalars.count >= minimumCharacters
    }

    /// Whether the text is short enough and has no U+0000. HMAC, and so scrypt, pads a short key with zeros, and would
    /// accept a password followed by zeros for the password itself.
    package static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count <= maximumBytes && !text.utf8.contains(0)
    }
}
