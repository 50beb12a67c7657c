import Glibc

/// A client that makes each call on a connection of its own, on the calling thread.
///
/// It never sends a request twice.
enum HTTPClient {
    /// What became of a call.
    enum Result {
        /// No connection came about, so no byte was sent.
        case notSent
        /// There is no whole response, whatever the reason.
        case noResponse(String)
        case response(status: Int, body: [UInt8])
    }

    /// What became of an exchange, with the head of the response.
    enum Exchange {
        case notSent
        case noResponse(String)
        case response(HTTPMessage)
    }

    /// Sends a request and waits for its response.
    static func call(_ request: [UInt8], port: Int, timeout: Duration) -> Result {
        switch exchange(request, port: port, timeout: timeout) {
        case .notSent: return .notSent
        case .noResponse(let reason): return .noResponse(reason)
        case .response(let message):
            guard let whole = message.whole else { return .noResponse("no response") }
            return .response(status: HTTPMessage.status(whole.head), body: Array(whole.body))
        }
    }

    /// Sends a request and waits for the whole response.
    static func exchange(_ request: [UInt8], port: Int, timeout: Duration) -> Exchange {
        let deadline = ContinuousClock.now + timeout
        guard let descriptor = Sockets.connect(port: port, until: deadline) else { return .notSent }
        defer { close(descriptor) }
        guard Sockets.send(request, to: descriptor, until: deadline) else {
            return .noResponse("the request was not taken")
        }
        var message = HTTPMessage()
        while true {
            if message.whole != nil { return .response(message) }
            guard Sockets.wait(descriptor, Int16(POLLIN), until: deadline) else {
                return .noResponse("no response in time")
            }
            guard let bytes = Sockets.receive(descriptor) else {
                return .noResponse("the connection was closed")
            }
            message.append(bytes)
        }
    }

    /// The bytes of a request.
    static func request(
        _ method: String, _ path: String, bearer: String?, headers: [(String, String)] = [], body: String = ""
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        if let bearer { head += "Authorization: Bearer \(bearer)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.utf8.count)\r\n\r\n"
        return Array(head.utf8) + Array(body.utf8)
    }
}

/// An HTTP message with a Content-Length, as its bytes arrive.
struct HTTPMessage {
    private(set) var bytes: [UInt8] = []
    private var ends: (head: Int, body: Int)?

    mutating func append(_ more: [UInt8]) {
        bytes += more
        guard ends == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var length = 0
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
        }
        ends = (end.lowerBound, end.upperBound + length)
    }

    /// The head, without its empty line, and the body, once both have arrived.
    var whole: (head: ArraySlice<UInt8>, body: ArraySlice<UInt8>)? {
        guard let ends, bytes.count >= ends.body else { return nil }
        return (bytes[..<ends.head], bytes[(ends.head + 4)..<ends.body])
    }

    /// The status of a response's head, or 0.
    static func status(_ head: ArraySlice<UInt8>) -> Int {
        let line = head.prefix { $0 != UInt8(ascii: "\r") }
        let parts = line.split(separator: UInt8(ascii: " "))
        return parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
    }
}
