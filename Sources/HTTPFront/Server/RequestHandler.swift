import Authentication
import Charges
import HTTPTypes
import Logging
import NIOCore
import Telemetry

/// The handler of requests: calls the controller of the route, and turns its result into a response.
struct RequestHandler: Sendable {
    let routes: Routes
    let configuration: HTTPConfiguration
    /// The verifier that finds the operator of a call that was refused before its token was checked.
    let tokens: TokenVerifier
    let logger: Logger
    var metrics = MetricsRecorder()
    var now: @Sendable () -> ContinuousClock.Instant = { .now }

    func respond(to request: IncomingRequest, peer: Peer) async -> HTTPResponseMessage {
        let read = now()
        let arrived = request.arrived
        let requestIdentifier = RequestIdentifier.of(request.headers)
        let target = RequestTarget(request.head.path ?? "/")
        let path = target.path
        var call = RequestContext(
            request: request, query: target.parameters, peer: peer,
            trustedProxies: configuration.trustedProxies,
            deadline: arrived + .milliseconds(configuration.callTimeoutMilliseconds),
            bodyReader: BodyReader(
                maximumBytes: configuration.maximumBodyBytes,
                timeout: .milliseconds(configuration.bodyTimeoutMilliseconds)))
        var envelope: Envelope
        var name = "none"
        var challenge = "Bearer"
        switch routes.route(path: path, method: request.method) {
        case .found(let controller, let found):
            name = found
            challenge = controller.challenge
            do throws(RequestFailure) {
                guard read - arrived <= .milliseconds(configuration.callTimeoutMilliseconds) else {
                    throw .tooLate
                }
                envelope = Envelope(data: try await controller.answer(&call))
                envelope.page = call.page
            } catch {
                if let account = error.operatorAccount { call.authenticate(account) }
                envelope = Envelope(error)
            }
        case .notFound:
            envelope = Envelope(
                RequestFailure(.notFound, "This path does not exist; the API documentation lists all paths."))
        case .methodNotAllowed(let allowed, let found):
            name = found
            envelope = Envelope(RequestFailure(.methodNotAllowed, "This path allows \(allowed)."))
            envelope.headers[.allow] = allowed
        }
        if envelope.code == RequestFailure.Code.internalError.rawValue {
            envelope.description += " The request id is \(requestIdentifier)."
        }
        if envelope.status != .ok, isOperators(path) {
            await authenticateByHeader(&call, refusedFor: RequestFailure.Code(rawValue: envelope.code))
            let policy = call.errorStatusPolicy ?? configuration.errorStatusPolicy
            if policy == .always200 { envelope.status = .ok }
        }
        if envelope.status == .unauthorized { envelope.headers[.wwwAuthenticate] = challenge }
        let report = AccessLogEntry(
            call: call, name: name, path: path, envelope: envelope, requestIdentifier: requestIdentifier,
            duration: now() - arrived)
        report.log(to: logger)
        report.count(in: metrics)
        let answer = envelope.answer(requestIdentifier: requestIdentifier)
        return request.method == .head ? answer.withoutBody : answer
    }

    /// Whether the path belongs to the operators' API, where the HTTP status of errors is a setting.
    private func isOperators(_ path: String) -> Bool {
        path == Routes.operatorsBase || path.hasPrefix(Routes.operatorsBase + "/")
    }

    /// Finds the operator by the header's token, where the body, which may also hold the token, could not be read.
    private func authenticateByHeader(_ call: inout RequestContext, refusedFor code: RequestFailure.Code?)
        async
    {
        guard call.operatorCode == nil, code?.precedesToken == true,
            let token = try? RequestToken.find(headers: call.headers, body: .absent),
            let principal = try? await tokens.verify(token, deadline: call.deadline)
        else { return }
        call.authenticate(principal.operatorAccount)
    }
}
