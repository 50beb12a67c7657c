import Charges
import HTTPTypes
import NIOCore

/// A request as its connection passes it on.
struct IncomingRequest: Sendable {
    let head: HTTPRequest
    let body: IncomingBody
    /// The time of arrival. The request may have waited in the socket of a frozen node, or behind others of its
    /// connection, for longer than a call lasts. Its client then has the answer that the outcome is unknown, and may
    /// have decided otherwise.
    let arrived: ContinuousClock.Instant

    var method: HTTPRequest.Method { head.method }
    var headers: HTTPFields { head.headerFields }
}

/// The body of a request.
enum IncomingBody: Sendable {
    /// The whole body, which came together with the header, as with most requests.
    case whole(ByteBuffer)
    /// The pieces of a body that is still arriving. An error says why no more follow. The connection reads no further
    /// while many of them wait.
    case stream(any AsyncSequence<ByteBuffer, any Error> & Sendable)
}

/// A reader of request bodies of limited size. The connection enforces the time limit, and ends a late body with
/// `BodyTimeout`.
struct BodyReader: Sendable {
    let maximumBytes: Int
    /// The time limit, for the message.
    let timeout: Duration

    /// Reads the whole body.
    ///
    /// - Throws: `requestTooLarge`, `requestTimeout`, or `invalidJSON` if the body is cut off.
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

    /// All pieces, or the first ones that together exceed the limit.
    private func joined(_ pieces: any AsyncSequence<ByteBuffer, any Error> & Sendable)
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
            throw RequestFailure(.invalidJSON, "The body was cut off, or does not match its header.")
        }
    }

    private var tooLarge: RequestFailure {
        RequestFailure(
            .requestTooLarge,
            "The body must have at most \(maximumBytes) bytes; send fewer charges in one call.")
    }
}

/// The error with which a connection ends a body that has not arrived in time.
struct BodyTimeout: Error {}
