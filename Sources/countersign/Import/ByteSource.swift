import Foundation
import Glibc

/// A file or standard input that is read in pieces.
final class ByteSource {
    private let descriptor: Int32
    private let path: String
    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    private var position = 0
    private var end = 0
    /// The number of bytes that have been read.
    private(set) var bytesRead = 0
    /// The size of the file; `nil` for a pipe.
    let totalBytes: Int?

    /// Opens the file.
    ///
    /// - Parameter path: The path, or `-` for standard input.
    init(path: String) throws(CommandFailure) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY)
        guard descriptor >= 0 else {
            throw CommandFailure("the file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        let attributes = path == "-" ? nil : try? FileManager.default.attributesOfItem(atPath: path)
        totalBytes =
            attributes?[.type] as? FileAttributeType == .typeRegular ? attributes?[.size] as? Int : nil
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// The next byte, or `nil` at the end.
    func next() throws(CommandFailure) -> UInt8? {
        if position == end { try fill() }
        guard position < end else { return nil }
        defer { position += 1 }
        return buffer[position]
    }

    private func fill() throws(CommandFailure) {
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            throw CommandFailure("the file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        // Some programs begin their files with a byte order mark.
        let hasMark = bytesRead == 0 && buffer[..<count].starts(with: "\u{FEFF}".utf8)
        position = hasMark ? 3 : 0
        end = count
        bytesRead += count
        if position == end, hasMark { try fill() }
    }
}
