import HTTPTypes
import NIOCore

/// One request, as its connection passes it on.
struct IncomingRequest: Sendable {
    let head: HTTPRequest
    let body: IncomingBody
    /// When it came in. It may have lain in the socket of a node that was frozen, or behind others of its connection,
    /// for longer than a call lasts: its caller has been told long since that nobody knows what became of it, and may
    /// have decided otherwise.
    let arrived: ContinuousClock.Instant

    var method: HTTPRequest.Method { head.method }
    var headers: HTTPFields { head.headerFields }
}
