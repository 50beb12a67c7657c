import Charges
import HTTPTypes

/// The routes: path, method, controller.
struct Routes: Sendable {
    private let endpoints: [String: Endpoint]
    /// The paths to which files are uploaded.
    private let uploads: [String]
    /// The pages for people.
    private let site: (any Site)?

    /// The controllers at one path.
    private struct Endpoint: Sendable {
        /// The call's name: its path without the leading slash, or without the base of the operators' paths. `/` is
        /// `root`.
        let name: String
        let controllers: [HTTPRequest.Method: any Controller]
        /// The methods as the header `Allow` lists them.
        let allowed: String

        init(path: String, controllers: [HTTPRequest.Method: any Controller]) {
            let prefix = path.hasPrefix(operatorsBase + "/") ? operatorsBase + "/" : "/"
            name = path == "/" ? Routes.root : String(path.dropFirst(prefix.count))
            self.controllers = controllers
            let implied: Set<HTTPRequest.Method> = controllers[.get] == nil ? [.options] : [.options, .head]
            allowed = implied.union(controllers.keys).map(\.rawValue).sorted().joined(separator: ", ")
        }
    }

    private init(controllers: [String: [HTTPRequest.Method: any Controller]], site: (any Site)? = nil) {
        self.site = site
        endpoints = Dictionary(
            uniqueKeysWithValues: controllers.map { path, controllers in
                (path, Endpoint(path: path, controllers: controllers))
            })
        uploads = controllers.filter { $0.value[.post]?.fileTransfer == .upload }.map(\.key)
    }

    /// The base of the operators' paths.
    static let operatorsBase = "/crmapi/rest/v2"
    /// The name of `/`, which redirects.
    static let root = "root"
    /// The names of the health checks and of `/metrics`, which are called often.
    static let probes: Set = ["livez", "readyz", "metrics"]

    /// The methods that some path has, as the header `Allow` lists them.
    static let methods = "GET, HEAD, OPTIONS, POST"
    /// The methods of RFC 9110, `PATCH` and `QUERY`. Others are not implemented anywhere (RFC 9110, 9.1).
    private static let knownMethods: Set<HTTPRequest.Method> = [
        .get, .head, .post, .put, .delete, .connect, .options, .trace, .patch, HTTPRequest.Method("QUERY")!,
    ]

    /// The base of the provider's paths.
    private static let providerBase = "/provider/v1"

    /// The routes of the operators' port.
    ///
    /// - Parameter site: The pages for people; `/` leads to them.
    static func operators(_ dependencies: HTTPDependencies, site: (any Site)? = nil) -> Routes {
        let base = operatorsBase
        let admission = OperatorAdmission(authenticator: dependencies.authenticator)
        func token(_ controller: some OperatorController) -> any Controller {
            admission.endpoint(controller)
        }
        func decision(_ action: ChargeAction, set: StaticString) -> any Controller {
            token(DecisionController(action: action, setName: set, decisions: dependencies.decisions))
        }
        return Routes(
            controllers: [
                "\(base)/authentication/token": [
                    .post: LoginController(login: dependencies.login)
                ],
                "\(base)/authentication/web_api_key/token": [
                    .post: APIKeyLoginController(login: dependencies.keyLogin)
                ],
                "\(base)/authentication/token/release": [
                    .post: token(TokenReleaseController(tokenRevocations: dependencies.tokenRevocations))
                ],
                "\(base)/netflix/charges/accept": [.post: decision(.accept, set: "accepted_charges_set")],
                "\(base)/netflix/charges/decline": [.post: decision(.decline, set: "declined_charges_set")],
                "\(base)/netflix/charges/acknowledge": [
                    .post: decision(.acknowledge, set: "acknowledged_charges_set")
                ],
                "\(base)/netflix/charges/list": [
                    .get: token(ChargeListController(charges: dependencies.charges))
                ],
                "\(base)/netflix/charges/show": [
                    .get: token(ChargeShowController(charges: dependencies.charges))
                ],
                "\(base)/netflix/statements/list": [
                    .get: token(OperatorStatementController(call: statementList(dependencies)))
                ],
                "\(base)/netflix/statements/download": [
                    .get: token(OperatorStatementController(call: statementDownload(dependencies)))
                ],
            ]
            .merging(dryRuns(dependencies)) { route, _ in route }
            .merging(reconciliations(dependencies)) { route, _ in route }
            .merging(health(dependencies)) { route, _ in route }
            .merging(DocumentController.routes(.operators, page: PackageResources.operators_html)) {
                route, _ in route
            }
            .merging(site.map(SiteController.routes) ?? [:]) { _, page in page },
            site: site)
    }

    /// The routes of the internal port: the provider's calls, their description, health and metrics.
    static func internalListener(_ dependencies: HTTPDependencies) -> Routes {
        let base = "\(providerBase)/charges"
        func key(_ controller: some Controller) -> any Controller {
            ProviderEndpoint(authenticator: dependencies.authenticator, controller: controller)
        }
        func processing(_ shape: ProcessingShape) -> any Controller {
            key(ProcessingController(shape: shape, repository: dependencies.provider))
        }
        return Routes(
            controllers: [
                base: [.post: key(IngestController(repository: dependencies.provider))],
                "\(base)/decisions": [.get: key(FeedController(repository: dependencies.provider))],
                "\(base)/take": [.post: processing(.take)],
                "\(base)/release": [.post: processing(.release)],
                "\(base)/outcomes": [.post: processing(.outcomes)],
                "\(providerBase)/statements/list": [
                    .get: key(
                        ProviderStatementController(
                            call: statementList(dependencies), operators: dependencies.operators))
                ],
                "\(providerBase)/statements/download": [
                    .get: key(
                        ProviderStatementController(
                            call: statementDownload(dependencies), operators: dependencies.operators))
                ],
                "/metrics": [
                    .get: MetricsController(metrics: dependencies.metrics, gauges: dependencies.gauges)
                ],
            ]
            .merging(health(dependencies)) { route, _ in route }
            .merging(DocumentController.routes(.provider, page: PackageResources.provider_html)) {
                route, _ in route
            })
    }

    /// The routes of the administrators' port: pages alone, and health.
    static func administration(_ dependencies: HTTPDependencies, site: any Site) -> Routes {
        Routes(
            controllers: SiteController.routes(site).merging(health(dependencies)) { page, _ in page },
            site: site)
    }

    private static func dryRuns(_ dependencies: HTTPDependencies) -> [String: [HTTPRequest.Method:
        any Controller]]
    {
        let base = "\(operatorsBase)/netflix/charges"
        let admission = OperatorAdmission(authenticator: dependencies.authenticator)
        func dryRun(_ action: ChargeAction, set: StaticString) -> any Controller {
            admission.endpoint(
                DryRunController(
                    decision: DecisionController(
                        action: action, setName: set, decisions: dependencies.decisions)))
        }
        return [
            "\(base)/accept/dry-run": [.post: dryRun(.accept, set: "accepted_charges_set")],
            "\(base)/decline/dry-run": [.post: dryRun(.decline, set: "declined_charges_set")],
            "\(base)/acknowledge/dry-run": [.post: dryRun(.acknowledge, set: "acknowledged_charges_set")],
        ]
    }

    private static func reconciliations(_ dependencies: HTTPDependencies) -> [String: [HTTPRequest.Method:
        any Controller]]
    {
        let base = "\(operatorsBase)/netflix/reconciliations"
        let store = dependencies.reconciliations
        let transfers = dependencies.transfers
        let admission = OperatorAdmission(authenticator: dependencies.authenticator)
        return [
            "\(base)/create": [
                .post: admission.endpoint(
                    ReconciliationUploadController(reconciliations: store, transfers: transfers))
            ],
            "\(base)/list": [.get: admission.endpoint(ReconciliationListController(reconciliations: store))],
            "\(base)/show": [.get: admission.endpoint(ReconciliationShowController(reconciliations: store))],
            "\(base)/differences": [
                .get: admission.endpoint(
                    ReconciliationDifferencesController(reconciliations: store, transfers: transfers))
            ],
            "\(base)/close": [
                .post: admission.endpoint(ReconciliationCloseController(reconciliations: store))
            ],
        ]
    }

    private static func statementList(_ dependencies: HTTPDependencies) -> StatementList {
        StatementList(statements: dependencies.statements)
    }

    private static func statementDownload(_ dependencies: HTTPDependencies) -> StatementDownload {
        StatementDownload(statements: dependencies.statements, transfers: dependencies.transfers)
    }

    private static func health(_ dependencies: HTTPDependencies) -> [String: [HTTPRequest.Method:
        any Controller]]
    {
        [
            "/livez": [.get: LivenessController()],
            "/readyz": [.get: ReadinessController(readiness: dependencies.readiness)],
        ]
    }

    /// The route of a path and a method. A trailing slash is tolerated, and HEAD is routed like GET. The path of
    /// `OPTIONS *` is the service itself.
    func route(path: String, method: HTTPRequest.Method) -> Route {
        let trimmed =
            path.utf8.count > 1 && path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        let endpoint = endpoints[trimmed]
        guard Self.knownMethods.contains(method) else {
            return .unknownMethod(name: endpoint?.name ?? "none")
        }
        if path == "*", method == .options { return .options(allowed: Self.methods, name: "none") }
        guard let endpoint else { return .notFound }
        if let controller = endpoint.controllers[method == .head ? .get : method] {
            return .found(controller, name: endpoint.name)
        }
        return method == .options
            ? .options(allowed: endpoint.allowed, name: endpoint.name)
            : .methodNotAllowed(allowed: endpoint.allowed, name: endpoint.name)
    }

    /// The site that has the path, whether or not there is a page.
    func site(of path: String) -> (any Site)? {
        guard let site, path == site.base || path.hasPrefix(site.base + "/") else { return nil }
        return site
    }

    /// Whether the body of a request is a file that is uploaded, which has limits of its own.
    func isUpload(_ request: HTTPRequest) -> Bool {
        guard request.method == .post,
            var path = request.path?.utf8.prefix(while: { $0 != UInt8(ascii: "?") })
        else { return false }
        if path.last == UInt8(ascii: "/") { path = path.dropLast() }
        return uploads.contains { path.elementsEqual($0.utf8) }
    }

    /// The names of the calls, and whether each is an operator's, whose errors may have the HTTP status 200.
    var calls: [(name: String, isOperators: Bool)] {
        endpoints.map { path, endpoint in (endpoint.name, path.hasPrefix(Self.operatorsBase + "/")) }
    }

    /// The names of the calls that transfer files, each with its kind of transfer.
    var fileCalls: [(name: String, transfer: FileTransfer)] {
        endpoints.values.flatMap { endpoint in
            endpoint.controllers.values.map { (endpoint.name, $0.fileTransfer) }.filter { $0.1 != .none }
        }
    }

    /// Every path with its methods.
    var all: [(path: String, method: HTTPRequest.Method)] {
        endpoints.flatMap { path, endpoint in endpoint.controllers.keys.map { (path, $0) } }
    }

    /// The result of routing.
    enum Route {
        case found(any Controller, name: String)
        case notFound
        case methodNotAllowed(allowed: String, name: String)
        /// No path has the method.
        case unknownMethod(name: String)
        /// The methods of the path are asked for (RFC 9110, 9.3.7).
        case options(allowed: String, name: String)
    }
}

/// A controller, which answers one kind of call.
protocol Controller: Sendable {
    /// The value of `WWW-Authenticate` for a call without valid credentials (RFC 9110, 11.6.1).
    var challenge: String { get }
    /// Which calls transfer a file.
    var fileTransfer: FileTransfer { get }
    /// Whether a call takes the processor for less than a millisecond or so, unless it transfers a file. It is then
    /// answered on the event loop of its connection.
    var isBrief: Bool { get }

    /// - Throws: The failure of the whole call.
    func respond(to request: RequestContext) async throws(RequestFailure) -> Response
}

extension Controller {
    /// The challenge of RFC 6750, for a token or a provider key. Only logins differ.
    var challenge: String { "Bearer" }
    var fileTransfer: FileTransfer { .none }
    var isBrief: Bool { false }
}
