import Charges
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Measurements
import NIOCore

/// Takes each request to its controller, and makes an answer of whatever comes of it.
struct FrontResponder: HTTPResponder {
    let routes: Routes
    let configuration: FrontConfiguration
    let logger: Logger
    var measurements = Measurements()

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
        var name = "none"
        switch routes.route(path: path, method: request.method) {
        case .found(let controller, let found):
            name = found
            do throws(RequestFailure) {
                envelope = Envelope(data: try await controller.answer(&call))
                envelope.page = call.page
            } catch {
                if let account = error.operatorAccount { call.recognise(account) }
                envelope = Envelope(error)
            }
        case .notFound:
            envelope = Envelope(
                RequestFailure(.notFound, "There is no call at this path; the API's docs list them."))
        case .methodNotAllowed(let allowed, let found):
            name = found
            envelope = Envelope(RequestFailure(.methodNotAllowed, "The call takes \(allowed)."))
            envelope.headers[.allow] = allowed
        }
        if envelope.code == RequestFailure.Code.internalError.rawValue {
            envelope.description += " The request id is \(requestIdentifier)."
        }
        if hidesErrors(of: call, path: path) { envelope.status = .ok }
        if envelope.status == .unauthorized { envelope.headers[.wwwAuthenticate] = "Bearer" }
        let report = CallReport(
            call: call, name: name, path: path, envelope: envelope, requestIdentifier: requestIdentifier,
            duration: ContinuousClock.now - arrived)
        report.log(to: logger)
        report.count(in: measurements)
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

    /// Whether errors are answered with 200 as well: to operators alone, by their own wish or by the setting.
    private func hidesErrors(of call: Call, path: String) -> Bool {
        guard path == Routes.operatorsBase || path.hasPrefix(Routes.operatorsBase + "/") else { return false }
        return (call.errorStatusPolicy ?? configuration.errorStatusPolicy) == .always200
    }
}
