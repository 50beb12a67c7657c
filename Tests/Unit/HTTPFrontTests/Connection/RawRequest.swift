import Testing

/// A raw request of the table, and the right answer to it (RFC 9110, RFC 9112).
struct RawRequest: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: String
    /// The statuses of its responses, in order.
    let statuses: [Int]
    /// Whether the connection answers another request afterwards.
    let isKept: Bool
    /// A text that the responses contain.
    let text: String

    var testDescription: String { name }

    /// A request whose connection goes on.
    static func kept(_ name: String, _ bytes: String, _ statuses: Int..., with text: String = "")
        -> RawRequest
    {
        RawRequest(name: name, bytes: bytes, statuses: statuses, isKept: true, text: text)
    }

    /// A request that is the last one of its connection.
    static func closed(_ name: String, _ bytes: String, _ statuses: Int..., with text: String = "")
        -> RawRequest
    {
        RawRequest(name: name, bytes: bytes, statuses: statuses, isKept: false, text: text)
    }

    /// A GET with further header lines.
    static func get(_ fields: String...) -> String {
        "GET /livez HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// A POST with further header lines, and the bytes after them. Its call refuses the body `{}` with 401, since the
    /// token is missing, and any other with 400.
    static func post(_ fields: String..., body: String = "{}") -> String {
        "POST \(TestServerFixture.acceptPath) HTTP/1.1\r\nHost: a\r\n"
            + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    /// A request line with a `Host`.
    static func line(_ line: String) -> String { line + "\r\nHost: a\r\n\r\n" }

    /// A GET whose `Host` lines are these alone.
    static func hosts(_ hosts: String...) -> String {
        "GET /livez HTTP/1.1\r\n" + hosts.map { "Host: \($0)\r\n" }.joined() + "\r\n"
    }

    /// A POST in chunked coding, and the bytes after its header.
    static func chunked(_ bytes: String) -> String { post("Transfer-Encoding: chunked", body: bytes) }
}
