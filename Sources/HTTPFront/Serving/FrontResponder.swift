import Charges
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Takes each request to its controller, and makes an answer of whatever comes of it.
struct FrontResponder: HTTPResponder {
    let routes: Routes
    let configuration: FrontConfiguration
    let logger: Logger

    func respond(to request: Request, context: FrontContext) async -> Response {
        let arrived = ContinuousClock.now
        let requestIdentifier = RequestIdentifier.of(request.headers)
        let target = (request.head.path ?? "/").split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(target[0])
        var call = Call(
            request: request, query: target.count > 1 ? Self.parameters(target[1]) : [],
            address: configuration.trustedProxies.client(peer: context.address, request.headers),
            deadline: arrived + .milliseconds(configuration.callTimeoutMilliseconds),
            bodyReader: BodyReader(
                maximumBytes: configuration.maximumBodyBytes,
                timeout: .milliseconds(configuration.bodyTimeoutMilliseconds)))
        var envelope: Envelope
        switch routes.route(path: path, method: request.method) {
        case .found(let controller):
            do throws(RequestFailure) {
                envelope = Envelope(data: try await controller.answer(&call))
            } catch {
                envelope = Envelope(error)
            }
        case .notFound:
            envelope = Envelope(
                RequestFailure(.notFound, "There is no call at this path; the API's docs list them."))
        case .methodNotAllowed(let allowed):
            envelope = Envelope(RequestFailure(.methodNotAllowed, "The call takes \(allowed)."))
            envelope.headers[.allow] = allowed
        }
        if envelope.code == RequestFailure.Code.internalError.rawValue {
            envelope.description += " The request id is \(requestIdentifier)."
        }
        log(call, path: path, envelope, requestIdentifier: requestIdentifier, arrived: arrived)
        let response = envelope.response(requestIdentifier: requestIdentifier)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// A query's names and values. What cannot be decoded stays as it is: left out, it would be taken for absent.
    private static func parameters(_ query: Substring) -> [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.removingPercentEncoding ?? String($0) }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    /// One line a call. Neither queries nor bodies are in it, since they hold tokens.
    private func log(
        _ call: Call, path: String, _ envelope: Envelope, requestIdentifier: String,
        arrived: ContinuousClock.Instant
    ) {
        let passed = (ContinuousClock.now - arrived).components
        let milliseconds =
            Double(passed.seconds) * 1000 + Double(passed.attoseconds / 1_000_000_000_000) / 1000
        var metadata: Logger.Metadata = [
            "request_id": "\(requestIdentifier)", "method": "\(call.request.method)",
            "path": "\(path.prefix(200))",
            "http_status": "\(envelope.status.code)", "code": "\(envelope.code)",
            "milliseconds": "\(milliseconds)",
        ]
        if let operatorCode = call.operatorCode { metadata["operator"] = "\(operatorCode)" }
        if let itemCount = call.itemCount { metadata["items"] = "\(itemCount)" }
        if let failedCount = call.failedCount { metadata["failed_items"] = "\(failedCount)" }
        let isProbe = path == "/livez" || path == "/readyz"
        logger.log(
            level: isProbe ? .debug : envelope.status.code >= 500 ? .error : .info, "call", metadata: metadata
        )
    }
}
