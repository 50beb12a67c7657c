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

    init(_ answer: HTTPResponseMessage) {
        status = answer.head.status.code
        headers = answer.head.headerFields
        body = String(buffer: answer.body)
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
