import HTTPTypes
import NIOCore

/// A parser of HTTP/1.1 requests (RFC 9112). It is a value that takes a connection's bytes and returns the parts of a
/// request, one at a time. What follows the request stays in the buffer until it is asked for.
///
/// NIO's `HTTPDecoder` parses whatever it is given, so that the requests behind the current one have no bound, goes
/// deaf after an offer to upgrade, and does not tell a long target, a long header and an unknown method apart.
struct RequestParser {
    /// The most bytes of a request line, of a chunk's size line, and of a line that has no end yet.
    static let maximumLineBytes = 16 * 1024
    /// The most bytes of a header, its request line included, and of trailers.
    static let maximumHeaderBytes = 32 * 1024
    /// The most lines of a header after its request line, and of trailers.
    static let maximumFields = 100

    /// A part of a request.
    enum Part {
        case head(RequestHead)
        case body(ByteBuffer)
        case end
    }

    /// What the next bytes are.
    private enum Position: Equatable {
        case requestLine
        case fields
        case body(remaining: Int)
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailers
    }

    private var position = Position.requestLine
    /// The first line of the current request.
    private(set) var requestLine: RequestLine?
    private var fields = HTTPFields()
    /// The bytes of the current header or of the current trailers that have been read.
    private var headerBytes = 0
    private var fieldCount = 0
    /// The bytes at the beginning of the buffer that hold no line end.
    private var searchedBytes = 0

    /// Whether a request line has been read, and not the whole header.
    var isInHeader: Bool { position == .fields }

    /// The next part.
    ///
    /// - Parameter bytes: The bytes that have arrived. Those of the part are removed; further ones are appended between
    ///   calls.
    /// - Returns: `nil` if the next part has not arrived.
    /// - Throws: The fault of the input. Nothing can be read after it.
    mutating func next(_ bytes: inout ByteBuffer) throws(RequestFault) -> Part? {
        while true {
            switch position {
            case .requestLine:
                guard let line = try requestLine(&bytes) else { return nil }
                // Empty lines before a request are ignored (RFC 9112, 2.2).
                guard !line.isEmpty else { continue }
                requestLine = try RequestLine(line)
                position = .fields
            case .fields:
                guard let line = try headerLine(&bytes) else { return nil }
                guard line.isEmpty else {
                    fields.append(try Self.field(line))
                    continue
                }
                return .head(try head())
            case .body(let remaining):
                guard remaining > 0 else { return end() }
                guard let piece = Self.piece(of: &bytes, atMost: remaining) else { return nil }
                position = .body(remaining: remaining - piece.readableBytes)
                return .body(piece)
            case .chunk(let remaining):
                guard let piece = Self.piece(of: &bytes, atMost: remaining) else { return nil }
                let rest = remaining - piece.readableBytes
                position = rest == 0 ? .chunkEnd : .chunk(remaining: rest)
                return .body(piece)
            case .chunkSize:
                guard let line = try chunkLine(&bytes) else { return nil }
                let size = try Self.chunkSize(line)
                position = size == 0 ? .trailers : .chunk(remaining: size)
            case .chunkEnd:
                guard let line = try chunkLine(&bytes) else { return nil }
                guard line.isEmpty else { throw .malformed("A chunk is longer than its size.") }
                position = .chunkSize
            case .trailers:
                guard let line = try headerLine(&bytes) else { return nil }
                guard line.isEmpty else {
                    // Trailers say nothing that the service needs (RFC 9110, 6.5.1).
                    _ = try Self.field(line)
                    continue
                }
                return end()
            }
        }
    }

    /// The end of a request, behind which another one may begin.
    private mutating func end() -> Part {
        position = .requestLine
        requestLine = nil
        forgetLines()
        return .end
    }

    /// Begins to count the next lines: those of trailers, or of the next header.
    private mutating func forgetLines() {
        headerBytes = 0
        fieldCount = 0
    }

    private static func piece(of bytes: inout ByteBuffer, atMost maximum: Int) -> ByteBuffer? {
        guard bytes.readableBytes > 0 else { return nil }
        return bytes.readSlice(length: min(maximum, bytes.readableBytes))
    }

    /// The header whose lines have been read.
    private mutating func head() throws(RequestFault) -> RequestHead {
        guard let requestLine else { throw .cutOff }
        let head = try RequestHead(requestLine, fields)
        fields = HTTPFields()
        forgetLines()
        switch head.framing {
        case .length(let length): position = .body(remaining: length)
        case .chunked: position = .chunkSize
        }
        return head
    }

    // MARK: Lines

    private mutating func requestLine(_ bytes: inout ByteBuffer) throws(RequestFault) -> ByteBufferView? {
        let line = try line(&bytes, atMost: Self.maximumLineBytes) { .targetTooLong }
        guard let line else {
            // The input of another protocol may never have a line end.
            let view = bytes.readableBytesView
            let method = view.prefix { $0 > UInt8(ascii: " ") }
            let isOne =
                method.isEmpty
                ? view.first ?? UInt8(ascii: "\r") == UInt8(ascii: "\r")
                : HTTPRequest.Method(String(decoding: method, as: UTF8.self)) != nil
            guard isOne else { throw .malformed("The request line must be METHOD TARGET HTTP/1.1.") }
            return nil
        }
        headerBytes += line.count + 2
        guard headerBytes <= Self.maximumHeaderBytes else { throw .headerTooLarge }
        return line
    }

    private mutating func headerLine(_ bytes: inout ByteBuffer) throws(RequestFault) -> ByteBufferView? {
        guard
            let line = try line(&bytes, atMost: Self.maximumHeaderBytes - headerBytes, { .headerTooLarge })
        else { return nil }
        headerBytes += line.count + 2
        guard !line.isEmpty else { return line }
        fieldCount += 1
        guard fieldCount <= Self.maximumFields else { throw .headerTooLarge }
        return line
    }

    private mutating func chunkLine(_ bytes: inout ByteBuffer) throws(RequestFault) -> ByteBufferView? {
        try line(&bytes, atMost: Self.maximumLineBytes) {
            .malformed("The line of a chunk's size is too long.")
        }
    }

    /// The next line without its CRLF; `nil` if its end has not arrived.
    private mutating func line(
        _ bytes: inout ByteBuffer, atMost maximum: Int, _ fault: () -> RequestFault
    ) throws(RequestFault) -> ByteBufferView? {
        let view = bytes.readableBytesView
        guard let end = view.dropFirst(searchedBytes).firstIndex(of: UInt8(ascii: "\n")) else {
            searchedBytes = view.count
            guard searchedBytes <= maximum else { throw fault() }
            return nil
        }
        searchedBytes = 0
        guard end > view.startIndex, view[end - 1] == UInt8(ascii: "\r") else {
            throw .malformed("Every line must end with CR and LF.")
        }
        let line = view[..<(end - 1)]
        guard line.count <= maximum else { throw fault() }
        bytes.moveReaderIndex(forwardBy: line.count + 2)
        return line
    }

    /// The name and the value of a header line (RFC 9112, 5).
    private static func field(_ line: ByteBufferView) throws(RequestFault) -> HTTPField {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
        else {
            throw .malformed("Every header line must be NAME: VALUE, with no white space before the colon.")
        }
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var value = line[(colon + 1)...].drop(while: isSpace)
        while let last = value.last, isSpace(last) { value = value.dropLast() }
        guard value.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == UInt8(ascii: "\t") }) else {
            throw .malformed("A header line has a control character.")
        }
        return HTTPField(name: name, value: String(decoding: value, as: UTF8.self))
    }

    /// The size of a chunk (RFC 9112, 7.1). Extensions are ignored.
    private static func chunkSize(_ line: ByteBufferView) throws(RequestFault) -> Int {
        let digits = line.prefix { Unicode.Scalar($0).properties.isASCIIHexDigit }
        let rest = line[digits.endIndex...]
        let isExtension =
            rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.first == UInt8(ascii: ";")
        guard !digits.isEmpty, rest.isEmpty || isExtension, !rest.contains(UInt8(ascii: "\r")),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .malformed("The size of a chunk must be a hexadecimal number.") }
        return size
    }
}
