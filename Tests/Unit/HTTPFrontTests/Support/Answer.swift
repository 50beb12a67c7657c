import Charges
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

@testable import HTTPFront

/// An answer as a client sees it.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: String

    init(_ response: Response) async throws {
        status = response.status.code
        headers = response.headers
        let collected = CollectedBody()
        try await response.body.write(CollectingWriter(body: collected))
        body = String(buffer: collected.buffer.withLock { $0 })
    }

    /// The body, which must be JSON.
    var json: JSONValue {
        get throws { try JSONReader.read(body.utf8) }
    }

    var data: JSONValue? {
        get throws { try json["data"] }
    }

    var code: String? {
        get throws { try json["status"]?["code"]?.string }
    }

    var description: String {
        get throws { try json["status"]?["description"]?.string ?? "" }
    }

    /// Status, code and description in one line, to be compared in one go.
    var summary: String {
        get throws { try "\(status) \(code ?? "without a code"): \(description)" }
    }

    /// The failed items: number, then code.
    var failures: [String] {
        get throws {
            try data?["failed_charges_set"]?.elements.map {
                "\($0["number"]?.string ?? "") \($0["error_code"]?.string ?? "")"
            } ?? []
        }
    }
}

private final class CollectedBody: Sendable {
    let buffer = Mutex(ByteBuffer())
}

private struct CollectingWriter: ResponseBodyWriter {
    let body: CollectedBody

    mutating func write(_ buffer: ByteBuffer) async throws {
        _ = body.buffer.withLock { $0.writeImmutableBuffer(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
