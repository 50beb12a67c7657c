import HTTPTypes
import NIOCore

/// An answer as it goes out.
struct HTTPAnswer: Sendable {
    var head: HTTPResponse
    var body: ByteBuffer

    /// The answer to HEAD: what GET would have been answered with, but for the body (RFC 9110, 9.3.2).
    var withoutBody: HTTPAnswer { HTTPAnswer(head: head, body: ByteBuffer()) }
}
