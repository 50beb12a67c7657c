import Charges
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

/// What a request brings with it.
enum IncomingBody: Sendable {
    /// All of it has come with its header, as of most requests.
    case whole(ByteBuffer)
    /// It is on its way: pieces, as they come. An error says why no more follow.
    case stream(AsyncThrowingStream<ByteBuffer, any Error>)
}

/// Reads a request's body: no more than so many bytes. How long it may take is the connection's affair, which breaks
/// it off by `BodyTimeout`.
struct BodyReader: Sendable {
    let maximumBytes: Int
    /// For the message.
    let timeout: Duration

    /// - Throws: `requestTooLarge`, `requestTimeout`, or `invalidJSON` if the body ends before it should.
    func read(_ request: IncomingRequest) async throws(RequestFailure) -> ByteBuffer {
        let body: ByteBuffer
        switch request.body {
        case .whole(let whole): body = whole
        case .stream(let pieces):
            if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > maximumBytes {
                throw tooLarge
            }
            body = try await joined(pieces)
        }
        guard body.readableBytes <= maximumBytes else { throw tooLarge }
        return body
    }

    /// All pieces, or the first ones as soon as they are too many.
    private func joined(_ pieces: AsyncThrowingStream<ByteBuffer, any Error>)
        async throws(RequestFailure) -> ByteBuffer
    {
        var body = ByteBuffer()
        do {
            for try await var piece in pieces {
                body.writeBuffer(&piece)
                if body.readableBytes > maximumBytes { break }
            }
            return body
        } catch is BodyTimeout {
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

/// What a connection breaks a request's body off by that has not arrived in time.
struct BodyTimeout: Error {}
