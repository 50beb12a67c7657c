import Charges
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Reads a request's body: no more than so many bytes, and no longer than so long.
struct BodyReader: Sendable {
    let maximumBytes: Int
    let timeout: Duration

    /// - Throws: `requestTooLarge`, `requestTimeout`, or `invalidJSON` if the body ends before it should.
    func read(_ request: Request) async throws(RequestFailure) -> ByteBuffer {
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > maximumBytes {
            throw tooLarge
        }
        let result: Result<ByteBuffer, RequestFailure> = await withTaskGroup(
            of: Result<ByteBuffer, RequestFailure>.self
        ) { group in
            group.addTask {
                do {
                    return .success(try await request.body.collect(upTo: maximumBytes))
                } catch is NIOTooManyBytesError {
                    return .failure(tooLarge)
                } catch is CancellationError {
                    return .failure(tooSlow)
                } catch {
                    return .failure(cutOff)
                }
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return .failure(tooSlow)
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(tooSlow)
        }
        return try result.get()
    }

    private var tooLarge: RequestFailure {
        RequestFailure(
            .requestTooLarge,
            "A request may have at most \(maximumBytes) bytes; send fewer charges at a time.")
    }

    private var cutOff: RequestFailure {
        RequestFailure(.invalidJSON, "The body was cut off, or is not as its header says.")
    }

    private var tooSlow: RequestFailure {
        RequestFailure(.requestTimeout, "The whole request must arrive within \(timeout).")
    }
}
