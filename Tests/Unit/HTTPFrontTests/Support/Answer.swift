import StrictJSON
import Charges
import HTTPTypes
import NIOCore

@testable import HTTPFront

/// An answer as a client sees it.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: String
    /// Whether the body came to its end.
    let isComplete: Bool

    /// Reads a response to the end of its body. Of a body that fails, what came before is kept, and `isComplete` is false.
    init(_ answer: HTTPResponseMessage) async {
        status = answer.head.status.code
        headers = answer.head.headerFields
        var body = ""
        var isComplete = true
        switch answer.body {
        case .whole(let bytes): body = String(buffer: bytes)
        case .none: break
        case .stream(let stream):
            body = String(buffer: stream.first)
            do {
                while let piece = try await stream.next() { body += String(buffer: piece) }
            } catch {
                isComplete = false
            }
            stream.turn.leave()
            stream.ended(
                TransferEnd(
                    direction: .download, result: isComplete ? .complete : .failed, bytes: body.utf8.count))
        }
        self.body = body
        self.isComplete = isComplete
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
