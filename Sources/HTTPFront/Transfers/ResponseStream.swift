import Charges
import NIOCore

/// The body of a response that is too long for the memory: it is made piece by piece while it is sent.
struct ResponseStream: Sendable {
    /// The first piece, so that a failure before it is still answered with an envelope.
    let first: ByteBuffer
    /// Makes the next piece; `nil` is the end. It is called when the client has taken most of what was sent before, by
    /// one task at a time. A failure leaves the body incomplete.
    let next: @Sendable () async throws(RequestFailure) -> ByteBuffer?
    /// The turn, which the sender leaves.
    let turn: TransferTurn
    /// Called once, at the end.
    var ended: @Sendable (TransferEnd) -> Void = { _ in }
}

/// The body of a response.
enum OutgoingBody: Sendable {
    case whole(ByteBuffer)
    case stream(ResponseStream)
    /// None, whatever the headers say: for `HEAD`, and for a 304.
    case none
}
