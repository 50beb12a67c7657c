import Charges
import NIOCore
import Synchronization

/// The body of a request that is a file: its pieces, as they arrive. The connection enforces the rate, and reads no
/// further while pieces wait.
final class UploadBody: Sendable {
    private let request: RequestContext
    private let limits: TransferLimits
    private let state = Mutex((bytes: 0, result: TransferEnd.Result.failed, isCut: false))

    init(_ request: RequestContext, limits: TransferLimits) {
        self.request = request
        self.limits = limits
    }

    /// Passes the pieces on, one after the other, up to the first that exceeds the maximum size.
    ///
    /// - Throws: `requestTimeout` for a client that is too slow, `invalidParameter` for a body that is cut off, or what
    ///   the closure throws.
    func forEach(_ take: ([UInt8]) async throws(RequestFailure) -> Void) async throws(RequestFailure) {
        switch request.request.body {
        case .whole(let body): try await pass(body, to: take)
        case .stream(let pieces):
            do {
                for try await piece in pieces {
                    try await pass(piece, to: take)
                    if state.withLock({ $0.bytes > limits.maximumBytes }) { break }
                }
            } catch let failure as RequestFailure {
                throw failure
            } catch is BodyTimeout {
                state.withLock { $0.result = .tooSlow }
                throw RequestFailure(
                    .requestTimeout,
                    "A file must arrive with 64 KiB in any 30 seconds, and in 15 minutes as a whole.")
            } catch {
                state.withLock { $0.result = $0.isCut ? .stopped : .clientGone }
                throw RequestFailure(.invalidParameter, "The body was cut off, or does not match its header.")
            }
        }
        state.withLock { $0.result = .complete }
    }

    /// Ends the upload of a node that stops.
    func cut() {
        state.withLock { $0.isCut = true }
        request.peer.close()
    }

    private func pass(_ piece: ByteBuffer, to take: ([UInt8]) async throws(RequestFailure) -> Void)
        async throws(RequestFailure)
    {
        state.withLock { $0.bytes += piece.readableBytes }
        try await take(Array(piece.readableBytesView))
    }

    /// The end of the upload.
    ///
    /// - Parameter hasFailed: Whether the call has failed, for whatever reason.
    func end(hasFailed: Bool) -> TransferEnd {
        state.withLock { state in
            let result = hasFailed && state.result == .complete ? .failed : state.result
            return TransferEnd(direction: .upload, result: result, bytes: state.bytes)
        }
    }
}
