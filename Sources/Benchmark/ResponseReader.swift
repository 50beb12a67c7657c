import Glibc
package import NIOCore

/// The reader of responses in a connection's bytes. It extracts only what a benchmark needs, since a full parser would
/// take CPU time from the service that is measured.
///
/// It understands the responses of this service: HTTP/1.1 with a Content-Length, and JSON without spaces.
package struct ResponseReader {
    /// The reason why a response cannot be read.
    package struct Failure: Error {
        package let reason: String
    }

    private var buffer = ByteBuffer()
    /// The status and the range of the body, once the head has arrived.
    private var head: (status: Int, body: Range<Int>)?
    /// The maximum length of a response's head in bytes.
    private static let maximumHeadBytes = 16 * 1024

    package init() {}

    package mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            var bytes = bytes
            buffer.writeBuffer(&bytes)
        }
    }

    /// The next response, or `nil` until all of it has arrived.
    package mutating func next() throws(Failure) -> Response? {
        guard let body = try nextBody() else { return nil }
        return Self.response(status: body.status, body.bytes)
    }

    /// The status and the whole body of the next response, or `nil` until all of it has arrived.
    package mutating func nextBody() throws(Failure) -> (status: Int, bytes: ByteBuffer)? {
        if head == nil { head = try readHead() }
        guard let head, buffer.readableBytes >= head.body.upperBound else { return nil }
        self.head = nil
        buffer.moveReaderIndex(forwardBy: head.body.lowerBound)
        guard let body = buffer.readSlice(length: head.body.count) else { return nil }
        return (head.status, body)
    }

    private func readHead() throws(Failure) -> (status: Int, body: Range<Int>)? {
        let view = buffer.readableBytesView
        guard let end = view.firstOffset(of: "\r\n\r\n") else {
            guard view.count <= Self.maximumHeadBytes else { throw Failure(reason: "no end of a head") }
            return nil
        }
        let lines = String(decoding: view.prefix(end), as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "),
            let status = Int(first.dropFirst(9).prefix(3))
        else { throw Failure(reason: "no status line") }
        for line in lines.dropFirst() {
            guard line.utf8.count > 15, line.prefix(15).lowercased() == "content-length:",
                let length = Int(line.dropFirst(15).drop { $0 == " " })
            else { continue }
            return (status, (end + 4)..<(end + 4 + length))
        }
        throw Failure(reason: "no Content-Length")
    }

    private static func response(status: Int, _ body: ByteBuffer) -> Response {
        let view = body.readableBytesView
        // The status is at the end of the body, and the failed items are at the beginning.
        let marker: StaticString = "\"status\":{\"code\":\""
        let tail = view.suffix(1024)
        guard let place = tail.lastOffset(of: marker) else {
            return Response(status: status, code: "HTTP \(status)")
        }
        var response = Response(
            status: status, code: text(in: tail, from: place + marker.utf8CodeUnitCount))
        guard response.code == "OK" else { return response }
        // Quotes within a JSON string are escaped, so these markers occur only as names.
        let opening = view.prefix(64)
        if opening.firstOffset(of: "\"failed_charges_set\"") != nil {
            forEach("\"error_code\":\"", in: view) { response.failures.append(text(in: $0, from: 0)) }
        } else if opening.firstOffset(of: "\"charges_set\"") != nil {
            // Braces are rare enough to be found fast.
            forEach("{\"number\":\"", in: view) { _ in response.listedCharges += 1 }
        }
        return response
    }

    /// Finds all occurrences of a marker.
    ///
    /// - Parameter body: The closure that receives the bytes after each occurrence.
    private static func forEach(
        _ marker: StaticString, in view: ByteBufferView, _ body: (ByteBufferView) -> Void
    ) {
        var rest = view
        while let place = rest.firstOffset(of: marker) {
            rest = rest.dropFirst(place + marker.utf8CodeUnitCount)
            body(rest)
        }
    }

    /// The text up to the next quote.
    private static func text(in view: ByteBufferView, from offset: Int) -> String {
        String(decoding: view.dropFirst(offset).prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }
}

extension ByteBufferView {
    /// The offset of the first occurrence of a string, counted from the beginning of the view.
    func firstOffset(of text: StaticString) -> Int? {
        withUnsafeBytes { bytes in
            let length = text.utf8CodeUnitCount
            var offset = 0
            while offset + length <= bytes.count, let start = bytes.baseAddress {
                let count = bytes.count - length - offset + 1
                guard let found = memchr(start + offset, Int32(text.utf8Start[0]), count) else { return nil }
                offset = UnsafeRawPointer(found) - start
                if memcmp(found, text.utf8Start, length) == 0 { return offset }
                offset += 1
            }
            return nil
        }
    }

    /// The offset of the last occurrence of a string.
    func lastOffset(of text: StaticString) -> Int? {
        var last: Int?
        var rest = self
        while let place = rest.firstOffset(of: text) {
            last = (last ?? -1) + 1 + place
            rest = rest.dropFirst(place + 1)
        }
        return last
    }
}

/// The part of a response that a benchmark needs.
package struct Response: Equatable, Sendable {
    /// The kind of a response by the service's contract.
    package enum Kind: Sendable {
        /// The call was answered. All items that are not listed as failed are durable.
        case answered
        /// The call was refused. Nothing of it was applied.
        case refused
        /// The outcome of the call is unknown.
        case unknown
    }

    package let status: Int
    /// The code of the envelope, or `HTTP` and the status if there is no envelope.
    package let code: String
    /// The codes of the failed items.
    package var failures: [String] = []
    /// The number of listed charges.
    package var listedCharges = 0

    package init(status: Int, code: String) {
        self.status = status
        self.code = code
    }

    package var kind: Kind {
        switch code {
        case "OK": .answered
        case "SERVICE_UNAVAILABLE", "RATE_LIMITED": .refused
        default: (400..<500).contains(status) && !code.hasPrefix("HTTP") ? .refused : .unknown
        }
    }
}
