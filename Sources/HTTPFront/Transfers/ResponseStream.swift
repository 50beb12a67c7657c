import Charges
import HTTPTypes
import NIOCore
import Scheduling

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

/// The pieces of a file, each made when it is asked for.
protocol FilePieces: Actor {
    /// The next piece; `nil` after the last one.
    ///
    /// - Throws: The failure for which the file stays incomplete.
    func next() async throws(RequestFailure) -> ByteBuffer?
}

extension TransferTurns {
    /// The response with a file, once it has its turn; for `HEAD` the headers alone.
    ///
    /// - Parameter share: The operator, or the provider.
    /// - Throws: As `turn`, or the failure of the first piece.
    func response(
        to request: RequestContext, of share: QueueShare, type: String, headers: HTTPFields,
        _ pieces: some FilePieces
    ) async throws(RequestFailure) -> Response {
        guard request.request.method != .head else {
            return Response(RawResponse(type: type, body: .none, headers: headers))
        }
        let turn = try await self.turn(
            of: share, address: request.address, deadline: request.request.arrived + limits.turnTime)
        let first = try await pieces.next() ?? ByteBuffer()
        let stream = ResponseStream(
            first: first, next: { () throws(RequestFailure) in try await pieces.next() }, turn: turn)
        return Response(RawResponse(type: type, body: .stream(stream), headers: headers))
    }
}
