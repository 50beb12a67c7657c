import Charges
import HTTPTypes

/// What is answered where: path, method, controller.
struct Routes: Sendable {
    private let endpoints: [String: Endpoint]

    /// What stands at one path.
    private struct Endpoint: Sendable {
        /// The call's name: its path, the operators' without what all of them begin with.
        let name: String
        let controllers: [HTTPRequest.Method: any Controller]

        init(path: String, controllers: [HTTPRequest.Method: any Controller]) {
            let prefix = path.hasPrefix(operatorsBase + "/") ? operatorsBase + "/" : "/"
            name = String(path.dropFirst(prefix.count))
            self.controllers = controllers
        }
    }

    private init(controllers: [String: [HTTPRequest.Method: any Controller]]) {
        endpoints = Dictionary(
            uniqueKeysWithValues: controllers.map { path, controllers in
                (path, Endpoint(path: path, controllers: controllers))
            })
    }

    /// Where the operators' calls stand.
    static let operatorsBase = "/crmapi/rest/v2"
    /// The names of the calls that ask how a node is, of which there are many.
    static let probes: Set = ["livez", "readyz", "metrics"]

    /// Every call of the operators' port.
    static func operators(_ dependencies: HTTPDependencies) -> Routes {
        let base = operatorsBase
        return Routes(
            controllers: [
                "\(base)/authentication/token": [
                    .post: LoginController(login: dependencies.login)
                ],
                "\(base)/authentication/web_api_key/token": [
                    .post: APIKeyLoginController(login: dependencies.keyLogin)
                ],
                "\(base)/authentication/token/release": [
                    .post: TokenReleaseController(
                        tokens: dependencies.tokens, tokenRevocations: dependencies.tokenRevocations)
                ],
                "\(base)/netflix/charges/accept": [.post: decision(.accept, dependencies)],
                "\(base)/netflix/charges/decline": [.post: decision(.decline, dependencies)],
                "\(base)/netflix/charges/acknowledge": [.post: decision(.acknowledge, dependencies)],
                "\(base)/netflix/charges/list": [
                    .get: ChargeListController(tokens: dependencies.tokens, charges: dependencies.charges)
                ],
                "\(base)/netflix/charges/show": [
                    .get: ChargeShowController(tokens: dependencies.tokens, charges: dependencies.charges)
                ],
                "/openapi.json": [.get: DocumentController.description],
                "/docs": [.get: DocumentController.page],
            ].merging(health(dependencies)) { route, _ in route })
    }

    private static func decision(_ action: ChargeAction, _ dependencies: HTTPDependencies)
        -> any Controller
    {
        DecisionController(action: action, tokens: dependencies.tokens, decisions: dependencies.decisions)
    }

    /// Every call of the internal port.
    static func internalListener(_ dependencies: HTTPDependencies, _ provider: ProviderDependencies) -> Routes
    {
        Routes(
            controllers: [
                "/metrics": [
                    .get: MetricsController(
                        metrics: dependencies.metrics, gauges: dependencies.gauges)
                ]
            ].merging(health(dependencies)) { route, _ in route }
                .merging(self.provider(provider)) { route, _ in route })
    }

    private static func health(_ dependencies: HTTPDependencies) -> [String: [HTTPRequest.Method:
        any Controller]]
    {
        [
            "/livez": [.get: LivenessController()],
            "/readyz": [.get: ReadinessController(readiness: dependencies.readiness)],
        ]
    }

    /// What a path and a method lead to. A slash at the end is tolerated, and HEAD is a GET.
    func route(path: String, method: HTTPRequest.Method) -> Route {
        let trimmed =
            path.utf8.count > 1 && path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        guard let endpoint = endpoints[trimmed] else { return .notFound }
        if let controller = endpoint.controllers[method == .head ? .get : method] {
            return .found(controller, name: endpoint.name)
        }
        let allowed = endpoint.controllers.keys.map(\.rawValue).sorted().joined(separator: ", ")
        return .methodNotAllowed(allowed: allowed, name: endpoint.name)
    }

    /// Every path with its methods.
    var all: [(path: String, method: HTTPRequest.Method)] {
        endpoints.flatMap { path, endpoint in endpoint.controllers.keys.map { (path, $0) } }
    }

    /// What a path and a method lead to.
    enum Route {
        case found(any Controller, name: String)
        case notFound
        case methodNotAllowed(allowed: String, name: String)
    }
}

/// Answers one kind of call.
protocol Controller: Sendable {
    /// How to authenticate, for whoever has not: `WWW-Authenticate` (RFC 9110, 11.6.1).
    var challenge: String { get }

    /// - Returns: The answer's `data`.
    /// - Throws: What the whole call is refused for.
    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody
}

extension Controller {
    /// RFC 6750: all but logins take a token, or the provider's key, so.
    var challenge: String { "Bearer" }
}
