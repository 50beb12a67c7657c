import Charges

/// A form with a file, as browsers send it: `multipart/form-data` (RFC 7578).
enum MultipartForm {
    /// Reads a form.
    ///
    /// - Parameter type: The header `Content-Type`.
    /// - Throws: `invalidParameter` if it is no such form, or has several files.
    static func read(_ body: [UInt8], type: String) throws(RequestFailure) -> FormFields {
        var reader = try MultipartReader(type: type)
        var fields: [(name: String, value: String)] = []
        var file: UploadedFile?
        for event in try reader.read(body) {
            switch event {
            case .field(let name, let value): fields.append((name, value))
            case .file(let name): file = UploadedFile(name: name, bytes: [])
            case .bytes(let bytes): file?.bytes += bytes
            }
        }
        try reader.finish()
        var form = FormFields(fields)
        form.file = file
        return form
    }
}

/// The reader of a form with a file, piece by piece. It holds a field at most, and of the file nothing.
struct MultipartReader {
    /// What comes next in a form.
    enum Event: Equatable {
        case field(name: String, value: String)
        /// The begin of the file, whose bytes follow. The name is empty if no file was chosen.
        case file(name: String)
        case bytes([UInt8])
    }

    private enum State {
        /// Before the first delimiter,
        case preamble
        /// after a delimiter, which another part or the end follows,
        case delimited
        /// in the head of a part,
        case head
        /// in a part: a field of the name, or the file,
        case field(String), file
        /// after the last delimiter.
        case end
    }

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// What has come and is not read yet. The first delimiter may lack the line end before it.
    private var buffer: [UInt8] = [13, 10]
    private var hasFile = false

    /// The most bytes of a part's head, and of a field.
    private static let maximumHeadBytes = 8 * 1024
    private static let maximumFieldBytes = 256 * 1024

    /// - Parameter type: The header `Content-Type`.
    /// - Throws: `invalidParameter` if it is that of no such form.
    init(type: String) throws(RequestFailure) {
        guard type.lowercased().hasPrefix("multipart/form-data;"),
            let boundary = Self.parameter("boundary", of: type), !boundary.isEmpty
        else { throw Self.damaged }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Reads the next bytes of the form.
    ///
    /// - Throws: `invalidParameter` if the form is damaged, has several files, or a field that is too long.
    mutating func read(_ piece: [UInt8]) throws(RequestFailure) -> [Event] {
        buffer += piece
        var events: [Event] = []
        var position = 0
        reading: while true {
            switch state {
            case .preamble:
                guard let start = Self.find(delimiter, in: buffer, from: position) else {
                    position = keepingTail(from: position)
                    break reading
                }
                position = start + delimiter.count
                state = .delimited
            case .delimited:
                guard buffer.count >= position + 2 else { break reading }
                state = buffer[position...].starts(with: "--".utf8) ? .end : .head
            case .head:
                guard let end = Self.find(Array("\r\n\r\n".utf8), in: buffer, from: position) else {
                    guard buffer.count - position <= Self.maximumHeadBytes else { throw Self.damaged }
                    break reading
                }
                try begin(String(decoding: buffer[position..<end], as: UTF8.self), &events)
                position = end + 4
            case .field(let name):
                guard let end = Self.find(delimiter, in: buffer, from: position) else {
                    guard buffer.count - position <= Self.maximumFieldBytes else { throw Self.damaged }
                    break reading
                }
                events.append(
                    .field(name: name, value: String(decoding: buffer[position..<end], as: UTF8.self)))
                position = end + delimiter.count
                state = .delimited
            case .file:
                let end = Self.find(delimiter, in: buffer, from: position)
                let last = end ?? keepingTail(from: position)
                if last > position { events.append(.bytes(Array(buffer[position..<last]))) }
                position = last
                guard let end else { break reading }
                position = end + delimiter.count
                state = .delimited
            case .end:
                position = buffer.count
                break reading
            }
        }
        buffer.removeFirst(position)
        return events
    }

    /// Ends the form.
    ///
    /// - Throws: `invalidParameter` if it was cut off.
    func finish() throws(RequestFailure) {
        guard case .end = state else { throw Self.damaged }
    }

    /// Begins a part by its head.
    private mutating func begin(_ head: String, _ events: inout [Event]) throws(RequestFailure) {
        guard
            let disposition = head.split(separator: "\r\n").first(where: {
                $0.lowercased().hasPrefix("content-disposition:")
            }), let name = Self.parameter("name", of: String(disposition))
        else { throw Self.damaged }
        guard let fileName = Self.parameter("filename", of: String(disposition)) else {
            state = .field(name)
            return
        }
        guard !hasFile else {
            throw RequestFailure(.invalidParameter, "The form has several files; send one.")
        }
        hasFile = true
        events.append(.file(name: fileName))
        state = .file
    }

    /// The place up to which no delimiter can begin.
    private func keepingTail(from position: Int) -> Int {
        max(position, buffer.count - delimiter.count + 1)
    }

    private static let damaged = RequestFailure(
        .invalidParameter, "The form is damaged, or no form with a file.")

    /// The place of the first occurrence of a pattern.
    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard start + pattern.count <= bytes.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            var position = start
            let last = bytes.count - pattern.count
            while position <= last {
                if bytes[position] == pattern[0] {
                    var length = 1
                    while length < pattern.count, bytes[position + length] == pattern[length] { length += 1 }
                    if length == pattern.count { return position }
                }
                position += 1
            }
            return nil
        }
    }

    /// The value of a parameter of a header, quoted or not. Browsers write `"` in names as `%22`.
    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header[...].splitOutsideQuotes(at: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == name else { continue }
            let value = pair[1].trimmed
            guard value.first == "\"" else { return String(value) }
            return value.count >= 2 && value.last == "\"" ? String(value.dropFirst().dropLast()) : nil
        }
        return nil
    }
}

/// A file of a form.
package struct UploadedFile: Sendable {
    /// The name that the browser has given; empty if no file was chosen.
    package let name: String
    package fileprivate(set) var bytes: [UInt8]
}
