import Foundation
import Glibc

/// A file or standard input, read in pieces of any size. A byte order mark at its beginning is skipped.
package final class ByteSource {
    private let path: String
    /// Fills a buffer as `read` does: the number of bytes, 0 at the end, -1 with `errno`.
    private let fillBuffer: (UnsafeMutableRawBufferPointer) -> Int
    private let closeSource: () -> Void
    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    private var position = 0
    private var end = 0
    private var isAtBeginning = true
    /// The number of bytes that have been read.
    package private(set) var bytesRead = 0
    /// The size of the file; `nil` for a pipe.
    package let totalBytes: Int?

    /// Opens the file.
    ///
    /// - Parameter path: The path, or `-` for standard input.
    /// - Throws: `FileError` if it cannot be opened.
    package convenience init(path: String) throws(FileError) {
        let descriptor = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY)
        guard descriptor >= 0 else {
            throw FileError(path: path, errorNumber: errno)
        }
        let attributes = path == "-" ? nil : try? FileManager.default.attributesOfItem(atPath: path)
        self.init(
            path: path,
            totalBytes: attributes?[.type] as? FileAttributeType == .typeRegular
                ? attributes?[.size] as? Int : nil,
            close: { if descriptor != STDIN_FILENO { Glibc.close(descriptor) } },
            fill: { Glibc.read(descriptor, $0.baseAddress, $0.count) })
    }

    init(
        path: String, totalBytes: Int? = nil, close: @escaping () -> Void = {},
        fill: @escaping (UnsafeMutableRawBufferPointer) -> Int
    ) {
        self.path = path
        self.totalBytes = totalBytes
        closeSource = close
        fillBuffer = fill
    }

    /// A source of bytes that are there already.
    ///
    /// - Parameter isBeginning: Whether they are the beginning of a file, which may have a byte order mark.
    package convenience init(_ bytes: ArraySlice<UInt8>, isBeginning: Bool) {
        var rest = bytes
        self.init(path: "", totalBytes: bytes.count) { buffer in
            let part = rest.prefix(buffer.count)
            buffer.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
        isAtBeginning = isBeginning
    }

    deinit {
        closeSource()
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

    /// The next bytes as they are, with a byte order mark; none at the end.
    ///
    /// - Throws: `FileError` if the source cannot be read further.
    package func nextPiece() throws(FileError) -> [UInt8] {
        if position == end {
            position = 0
            end = try read(from: 0)
            isAtBeginning = false
        }
        defer { position = end }
        return Array(buffer[position..<end])
    }

    /// Reads the next piece. At the beginning it reads on until it knows whether there is a byte order mark, since a
    /// pipe may bring it byte by byte.
    private func fill() throws(FileError) {
        position = 0
        end = try read(from: 0)
        guard isAtBeginning else { return }
        isAtBeginning = false
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        while end > 0, end < mark.count, mark.starts(with: buffer[..<end]) {
            let count = try read(from: end)
            if count == 0 { break }
            end += count
        }
        guard buffer[..<end].starts(with: mark) else { return }
        position = mark.count
        if position == end { try fill() }
    }

    /// Reads into the buffer from a place on.
    ///
    /// - Returns: The number of bytes; 0 at the end.
    private func read(from place: Int) throws(FileError) -> Int {
        while true {
            let count = buffer.withUnsafeMutableBytes { fillBuffer(.init(rebasing: $0[place...])) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path: path, errorNumber: errno) }
            bytesRead += count
            return count
        }
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
