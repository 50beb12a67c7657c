import Foundation
import Glibc

/// A file or standard input, read in pieces. A byte order mark at its beginning is skipped.
package final class ByteSource {
    private let descriptor: Int32
    private let path: String
    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    private var position = 0
    private var end = 0
    /// The number of bytes that have been read.
    package private(set) var bytesRead = 0
    /// The size of the file; `nil` for a pipe.
    package let totalBytes: Int?

    /// Opens the file.
    ///
    /// - Parameter path: The path, or `-` for standard input.
    /// - Throws: `FileError` if it cannot be opened.
    package init(path: String) throws(FileError) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY)
        guard descriptor >= 0 else {
            throw FileError(path: path, errorNumber: errno)
        }
        let attributes = path == "-" ? nil : try? FileManager.default.attributesOfItem(atPath: path)
        totalBytes =
            attributes?[.type] as? FileAttributeType == .typeRegular ? attributes?[.size] as? Int : nil
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// The next byte, or `nil` at the end.
    ///
    /// - Throws: `FileError` if the file cannot be read further.
    package func next() throws(FileError) -> UInt8? {
        if position == end { try fill() }
        guard position < end else { return nil }
        defer { position += 1 }
        return buffer[position]
    }

    private func fill() throws(FileError) {
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            throw FileError(path: path, errorNumber: errno)
        }
        let hasMark = bytesRead == 0 && buffer[..<count].starts(with: "\u{FEFF}".utf8)
        position = hasMark ? 3 : 0
        end = count
        bytesRead += count
        if position == end, hasMark { try fill() }
    }
}

/// A file that cannot be read, with the system's reason.
package struct FileError: Error, CustomStringConvertible {
    let path: String
    let errorNumber: Int32

    package var description: String {
        "the file \(path) cannot be read: \(String(cString: strerror(errorNumber)))"
    }
}
