import Charges
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
        let target = RequestTarget(request.head.path ?? "/")
        let path = target.path
        var call = Call(
            request: request, query: target.parameters, context: context,
            trustedProxies: configuration.trustedProxies,
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
        if envelope.status != .ok, hidesErrors(of: call, path: path) { envelope.status = .ok }
        if envelope.status == .unauthorized { envelope.headers[.wwwAuthenticate] = "Bearer" }
        let report = CallReport(
            call: call, name: name, path: path, envelope: envelope, requestIdentifier: requestIdentifier,
            duration: ContinuousClock.now - arrived)
        report.log(to: logger)
        report.count(in: measurements)
        let response = envelope.response(requestIdentifier: requestIdentifier)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Whether errors are answered with 200 as well: to operators alone, by their own wish or by the setting.
    private func hidesErrors(of call: Call, path: String) -> Bool {
        guard path == Routes.operatorsBase || path.hasPrefix(Routes.operatorsBase + "/") else { return false }
        return (call.errorStatusPolicy ?? configuration.errorStatusPolicy) == .always200
    }
}
