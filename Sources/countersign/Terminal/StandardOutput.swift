import Foundation
import Glibc

/// Standard output for any amount of data, which a command must not lose silently.
enum StandardOutput {
    /// Writes bytes.
    ///
    /// - Throws: `OutputError` if not all could be written.
    static func write(_ bytes: [UInt8]) throws(OutputError) {
        guard Terminal.write(bytes, to: STDOUT_FILENO) < bytes.count else { return }
        let reason = errno
        throw reason == EPIPE ? .readerIsGone : .notWritten(String(cString: strerror(reason)))
    }
}

/// The reason why output was not written.
enum OutputError: Error, CustomStringConvertible {
    /// The program that read the pipe, such as `head`, has ended.
    case readerIsGone
    /// The system's reason, for example a full disk.
    case notWritten(String)

    var description: String {
        switch self {
        case .readerIsGone: "standard output was closed"
        case .notWritten(let reason): "standard output cannot be written: \(reason)"
        }
    }
}
