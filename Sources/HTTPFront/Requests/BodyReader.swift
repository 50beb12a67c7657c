import Charges
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Reads a request's body: no more than so many bytes. How long it may take is the connection's affair, which breaks
/// it off by `BodyTooLate`.
struct BodyReader: Sendable {
    let maximumBytes: Int
    /// For the message.
    let timeout: Duration

    /// - Throws: `requestTooLarge`, `requestTimeout`, or `invalidJSON` if the body ends before it should.
    func read(_ request: Request) async throws(RequestFailure) -> ByteBuffer {
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > maximumBytes {
            throw tooLarge
        }
        var pieces = request.body.makeAsyncIterator()
        // Most bodies are one piece, which is not copied.
        var body = try await next(&pieces) ?? ByteBuffer()
        guard body.readableBytes <= maximumBytes else { throw tooLarge }
        while var piece = try await next(&pieces) {
            guard body.readableBytes + piece.readableBytes <= maximumBytes else { throw tooLarge }
            body.writeBuffer(&piece)
        }
        return body
    }

    private func next(_ pieces: inout RequestBody.AsyncIterator) async throws(RequestFailure) -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch is BodyTooLate {
            throw RequestFailure(.requestTimeout, "The whole request must arrive within \(timeout).")
        } catch {
            throw RequestFailure(.invalidJSON, "The body was cut off, or is not as its header says.")
        }
    }

    private var tooLarge: RequestFailure {
        RequestFailure(
            .requestTooLarge,
            "A request may have at most \(maximumBytes) bytes; send fewer charges at a time.")
    }
}
