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
    private let metrics: CallMetrics
    private let now: @Sendable () -> ContinuousClock.Instant

    init(
        routes: Routes, configuration: HTTPConfiguration, authenticator: Authenticator, logger: Logger,
        metrics: MetricsRecorder = MetricsRecorder(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.routes = routes
        self.configuration = configuration
        self.authenticator = authenticator
        self.logger = logger
        self.metrics = CallMetrics(metrics, routes)
        self.now = now
    }

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
        var transfersFile = false
        var underWay: MetricLevel?
        switch routes.route(path: target.path, method: incoming.method) {
        case .found(let controller, let found):
            name = found
            challenge = controller.challenge
            transfersFile = controller.fileTransfer.applies(to: request)
            underWay = metrics.underWay(name)
            underWay?.add(1)
            // What may take long leaves the event loop, whose other connections would wait for it.
            response = await withTaskExecutorPreference(
                controller.isBrief && !transfersFile ? nil : globalConcurrentExecutor
            ) {
                await .catching { () throws(RequestFailure) in
                    guard read <= request.deadline else { throw .tooLate }
                    return try await controller.respond(to: request)
                }
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
        if response.failurePage == nil, let failure = response.failure,
            let site = routes.site(of: target.path)
        {
            response.failurePage = site.page(of: failure, requestIdentifier: requestIdentifier).raw
        }
        var status = response.status
        if let failure = response.failure, isOperators(target.path) {
            if response.operatorCode == nil, failure.code.precedesToken,
                let account = await authenticator.operatorAccount(ofRefused: request)
            {
                response = response.of(account)
            }
            if (response.errorStatusPolicy ?? configuration.errorStatusPolicy) == .always200, !transfersFile {
                status = .ok
            }
        }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = challenge }
        var message = response.message(status, requestIdentifier: requestIdentifier)
        if incoming.method == .head { message = message.withoutBody }
        let report: @Sendable (TransferEnd?) -> Void = {
            [logger, metrics, now, response, status, name, underWay] end in
            let entry = AccessLogEntry(
                method: incoming.method, response: response, status: status, name: name, path: target.path,
                requestIdentifier: requestIdentifier, duration: now() - arrived,
                transfer: end ?? response.transfer)
            entry.log(to: logger)
            metrics.count(entry)
            underWay?.add(-1)
        }
        // The entry of a response that is made while it is sent is written at its end.
        if case .stream(var stream) = message.body {
            stream.ended = report
            message.body = .stream(stream)
        } else {
            report(nil)
        }
        return message
    }

    /// Whether the path belongs to the operators' API, where the HTTP status of errors is a setting.
    private func isOperators(_ path: String) -> Bool {
        path == Routes.operatorsBase || path.hasPrefix(Routes.operatorsBase + "/")
    }
}
