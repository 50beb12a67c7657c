import HTTPTypes
import NIOCore

/// The first line of a request: method, target, version (RFC 9112, 3).
struct RequestLine {
    let method: HTTPRequest.Method
    let target: String
    /// Whether the version is HTTP/1.0. A later minor version than 1 is read as 1 (RFC 9110, 2.5).
    let isHTTP10: Bool

    init(_ line: ByteBufferView) throws(RequestFault) {
        let space = UInt8(ascii: " ")
        guard let first = line.firstIndex(of: space), let last = line.lastIndex(of: space), first < last,
            let method = HTTPRequest.Method(String(decoding: line[..<first], as: UTF8.self))
        else { throw .malformed("The request line must be METHOD TARGET HTTP/1.1.") }
        let target = line[(first + 1)..<last]
        let version = line[(last + 1)...]
        guard !target.isEmpty, target.allSatisfy({ $0 > space && $0 != 0x7F && $0 != UInt8(ascii: "#") })
        else { throw .malformed("The target of the request has a character that none can have.") }
        guard version.count == 8, version.starts(with: "HTTP/".utf8),
            version[version.startIndex + 6] == UInt8(ascii: "."),
            let major = UInt8(digit: version[version.startIndex + 5]),
            let minor = UInt8(digit: version[version.startIndex + 7])
        else { throw .malformed("The request line must end with HTTP/1.1.") }
        guard major == 1 else { throw .unknownVersion }
        self.method = method
        self.target = String(decoding: target, as: UTF8.self)
        isHTTP10 = minor == 0
    }
}

/// The header of a request, and how its body is framed (RFC 9112, 3 and 6).
struct RequestHead {
    let request: HTTPRequest
    let framing: Framing
    /// Whether the client wants the connection closed after the response.
    let isLast: Bool
    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110, 10.1.1).
    let expectsContinue: Bool

    /// `HTTPField.Name.host` is not available, since a client has it in the authority.
    private static let host = HTTPField.Name("Host")!

    /// How the end of a body is found.
    enum Framing: Equatable {
        /// The number of bytes, or 0 for a request without a body.
        case length(Int)
        case chunked
    }

    init(_ line: RequestLine, _ fields: HTTPFields) throws(RequestFault) {
        let hosts = fields[values: Self.host]
        guard hosts.count == 1 || (hosts.isEmpty && line.isHTTP10) else {
            throw .malformed("The request must have one Host.")
        }
        guard hosts.allSatisfy({ Self.isAuthority($0[...]) }) else {
            throw .malformed("Host must be a host, and a port if need be.")
        }
        guard line.method != .connect else { throw .tunnel }
        framing = try Self.framing(line, fields)
        request = HTTPRequest(
            method: line.method, scheme: "http", authority: hosts.first, path: try Self.path(line),
            headerFields: fields)
        isLast = line.isHTTP10 || Self.members(fields, .connection).contains("close")
        expectsContinue =
            !line.isHTTP10 && framing != .length(0)
            && Self.members(fields, .expect).contains("100-continue")
    }

    /// The path and the query, from any form of the target (RFC 9112, 3.2).
    private static func path(_ line: RequestLine) throws(RequestFault) -> String {
        let target = line.target
        if target.utf8.first == UInt8(ascii: "/") { return target }
        if target == "*", line.method == .options { return target }
        guard let colon = target.firstIndex(of: ":"),
            ["http", "https"].contains(target[..<colon].lowercased()),
            target[colon...].hasPrefix("://")
        else { throw .malformed("The target of the request must begin with / or http://.") }
        let rest = target[target.index(colon, offsetBy: 3)...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, isAuthority(authority) else {
            throw .malformed("The target of the request must name a host.")
        }
        let path = rest[authority.endIndex...]
        return path.first == "/" ? String(path) : "/" + path
    }

    /// Whether a text is a host with or without a port (RFC 3986, 3.2.2 and 3.2.3), without a user. An empty host is
    /// one, too.
    private static func isAuthority(_ text: Substring) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard !address.isEmpty, address.allSatisfy({ $0 == UInt8(ascii: ":") || isOfName($0) }) else {
                return false
            }
            rest = rest[rest.index(after: end)...]
        } else {
            rest = rest.drop(while: isOfName)
        }
        guard let colon = rest.first else { return true }
        return colon == UInt8(ascii: ":") && rest.dropFirst().allSatisfy { UInt8(digit: $0) != nil }
    }

    /// Whether a registered name can have the byte: unreserved, sub-delims or a percent sign.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=%".utf8.contains(byte)
        }
    }

    /// The framing of the body (RFC 9112, 6.3). Whatever two servers could read differently is refused.
    private static func framing(_ line: RequestLine, _ fields: HTTPFields) throws(RequestFault) -> Framing {
        let lengths = fields[values: .contentLength]
        if fields.contains(.transferEncoding) {
            let codings = members(fields, .transferEncoding)
            guard !line.isHTTP10, lengths.isEmpty, !codings.isEmpty else {
                throw .malformed("Transfer-Encoding must be chunked, without a Content-Length, in HTTP/1.1.")
            }
            guard codings.allSatisfy({ $0 == "chunked" }) else { throw .unknownCoding }
            guard codings.count == 1 else { throw .malformed("Transfer-Encoding must be chunked once.") }
            return .chunked
        }
        guard let text = lengths.first else { return .length(0) }
        guard lengths.count == 1, text.utf8.allSatisfy({ UInt8(digit: $0) != nil }), let length = Int(text)
        else { throw .malformed("Content-Length must be one number, in digits alone.") }
        return .length(length)
    }

    /// The members of a list in lower case, from all lines of the name. Parameters stay with their member.
    private static func members(_ fields: HTTPFields, _ name: HTTPField.Name) -> [String] {
        fields[values: name].flatMap { $0.split(separator: ",") }.map { $0.trimmed.lowercased() }
            .filter { !$0.isEmpty }
    }
}

extension Substring {
    /// The text without optional white space around it (RFC 9110, 5.6.3).
    var trimmed: Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var text = drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    /// The parts between separators, those within quotes aside (RFC 9110, 5.6.4).
    func splitOutsideQuotes(at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = startIndex
        var isQuoted = false
        var isEscaped = false
        for index in indices {
            switch self[index] {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case separator where !isQuoted:
                parts.append(self[start..<index])
                start = self.index(after: index)
            default: break
            }
        }
        return parts + [self[start...]]
    }
}

extension UInt8 {
    /// The value of a decimal digit.
    init?(digit: UInt8) {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        self = digit - UInt8(ascii: "0")
    }
}
