import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Scheduling
import Synchronization

private let transferTimer = DeadlineTimer()

/// The sender of a streamed response. It asks for the next piece once the kernel has taken those before, so that a slow
/// client costs no memory, and closes the connection without the last chunk if the body stays incomplete.
struct StreamSender: Sendable {
    let channel: any Channel
    let assembler: NIOLoopBound<RequestAssembler>

    /// The part of a body that was sent, and the first reason for which it was cut.
    private final class Progress: Sendable {
        private let state = Mutex((bytes: 0, cut: TransferEnd.Result?.none))

        var bytes: Int { state.withLock { $0.bytes } }
        var cut: TransferEnd.Result? { state.withLock { $0.cut } }

        func sent(_ count: Int) { state.withLock { $0.bytes += count } }
        func cut(_ result: TransferEnd.Result) { state.withLock { $0.cut = $0.cut ?? result } }
    }

    /// Sends a response, and returns when it is sent, or the connection is closed.
    func send(_ head: HTTPResponse, _ stream: ResponseStream) async {
        let progress = Progress()
        let cut: @Sendable (TransferEnd.Result) -> Void = { result in
            progress.cut(result)
            channel.close(promise: nil)
        }
        let limits = stream.turn.limits
        stream.turn.onCut { cut(.stopped) }
        let timeLimit = transferTimer.watch(.now + limits.time) { cut(.tooSlow) }
        let sending = Task { () -> TransferEnd.Result in
            do {
                try await write(.head(head))
                try await write(stream.first, limits, progress, cut)
            } catch {
                return .clientGone
            }
            while true {
                let piece: ByteBuffer?
                do {
                    piece = try await stream.next()
                } catch {
                    return .failed
                }
                do {
                    guard let piece else {
                        try await write(.end(nil))
                        return .complete
                    }
                    try await write(piece, limits, progress, cut)
                } catch {
                    return .clientGone
                }
            }
        }
        // A client that is gone ends the making of pieces.
        channel.closeFuture.whenComplete { _ in sending.cancel() }
        var result = await sending.value
        transferTimer.forget(timeLimit)
        if result != .complete {
            if let cut = progress.cut {
                result = cut
            } else if Task.isCancelled {
                result = .stopped
            } else if sending.isCancelled {
                result = .clientGone
            }
            // The last chunk is missing.
            channel.close(promise: nil)
        }
        stream.turn.leave()
        stream.ended(TransferEnd(direction: .download, result: result, bytes: progress.bytes))
    }

    /// Sends a piece in parts, each of which the client must take in the time for it.
    private func write(
        _ piece: ByteBuffer, _ limits: TransferLimits, _ progress: Progress,
        _ cut: @escaping @Sendable (TransferEnd.Result) -> Void
    ) async throws {
        var piece = piece
        while let part = piece.readSlice(length: min(limits.pieceBytes, piece.readableBytes)),
            part.readableBytes > 0
        {
            let ticket = transferTimer.watch(.now + limits.pieceTime) { cut(.tooSlow) }
            defer { transferTimer.forget(ticket) }
            try await write(.body(part))
            progress.sent(part.readableBytes)
        }
    }

    /// Writes a part of the response, and returns when the kernel has it.
    private func write(_ part: HTTPResponsePart) async throws {
        let written = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { assembler.value.write(part, promise: written) }
        try await written.futureResult.get()
    }
}
