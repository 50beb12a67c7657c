import Authentication
import Charges
import HTTPTypes
import Logging
import NIOCore
import Telemetry

/// The handler of requests: finds the controller of the route, and sends its response with its log entry.
struct RequestHandler: Sendable {
    let routes: Routes
    let configuration: HTTPConfiguration
    let authenticator: Authenticator
    let logger: Logger
    var metrics = MetricsRecorder()
    var now: @Sendable () -> ContinuousClock.Instant = { .now }

    func respond(to incoming: IncomingRequest, peer: Peer) async -> HTTPResponseMessage {
        let read = now()
        let arrived = incoming.arrived
        let requestIdentifier = RequestIdentifier.of(incoming.headers)
        let target = RequestTarget(incoming.head.path ?? "/")
        let request = RequestContext(
            request: incoming, query: target.parameters, peer: peer,
            trustedProxies: configuration.trustedProxies,
            deadline: arrived + .milliseconds(configuration.callTimeoutMilliseconds),
            bodyReader: BodyReader(
                maximumBytes: configuration.maximumBodyBytes,
                timeout: .milliseconds(configuration.bodyTimeoutMilliseconds)))
        var response: Response
        var name = "none"
        var challenge = "Bearer"
        switch routes.route(path: target.path, method: incoming.method) {
        case .found(let controller, let found):
            name = found
            challenge = controller.challenge
            let underWay = metrics.level(.callsUnderWay, [name])
            underWay.add(1)
            defer { underWay.add(-1) }
            response = await .catching { () throws(RequestFailure) in
                guard read <= request.deadline else { throw .tooLate }
                return try await controller.respond(to: request)
            }
        case .notFound:
            response = Response(
                RequestFailure(.notFound, "This path does not exist; the API documentation lists all paths."))
        case .methodNotAllowed(let allowed, let found):
            name = found
            response = Response(RequestFailure(.methodNotAllowed, "This path allows \(allowed)."))
            response.headers[.allow] = allowed
        case .unknownMethod(let found):
            name = found
            response = Response(
                RequestFailure(
                    .methodNotAllowed, "The service knows no such method; it has \(Routes.methods)."))
            response.ownStatus = .notImplemented
        case .options(let allowed, let found):
            name = found
            response = Response(.nothing)
            response.headers[.allow] = allowed
        }
        var status = response.status
        if let failure = response.failure, isOperators(target.path) {
            if response.operatorCode == nil, failure.code.precedesToken,
                let account = await authenticator.operatorAccount(ofRefused: request)
            {
                response = response.of(account)
            }
            if (response.errorStatusPolicy ?? configuration.errorStatusPolicy) == .always200 {
                status = .ok
            }
        }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = challenge }
        let report = AccessLogEntry(
            method: incoming.method, response: response, status: status, name: name, path: target.path,
            requestIdentifier: requestIdentifier, duration: now() - arrived)
        report.log(to: logger)
        report.count(in: metrics)
        let message = response.message(status, requestIdentifier: requestIdentifier)
        return incoming.method == .head ? message.withoutBody : message
    }

    /// Whether the path belongs to the operators' API, where the HTTP status of errors is a setting.
    private func isOperators(_ path: String) -> Bool {
        path == Routes.operatorsBase || path.hasPrefix(Routes.operatorsBase + "/")
    }
}
