import Charges
import HTTPTypes

/// What is answered where: path, method, controller.
struct Routes: Sendable {
    private let controllers: [String: [HTTPRequest.Method: any Controller]]

    /// Every call of the operators' port.
    static func operators(_ dependencies: FrontDependencies) -> Routes {
        let base = "/crmapi/rest/v2"
        return Routes(
            controllers: [
                "\(base)/authentication/token": [
                    .post: LoginController(login: dependencies.login)
                ],
                "\(base)/netflix/charges/accept": [
                    .post: DecisionController(
                        decision: .accepted, setName: "accepted_charges_set", tokens: dependencies.tokens,
                        decisions: dependencies.decisions)
                ],
            ].merging(health(dependencies)) { route, _ in route })
    }

    /// Every call of the internal port.
    static func internals(_ dependencies: FrontDependencies, _ provider: ProviderDependencies) -> Routes {
        Routes(controllers: health(dependencies).merging(self.provider(provider)) { route, _ in route })
    }

    private static func health(_ dependencies: FrontDependencies) -> [String: [HTTPRequest.Method:
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
        guard let methods = controllers[trimmed] else { return .notFound }
        if let controller = methods[method == .head ? .get : method] { return .found(controller) }
        return .methodNotAllowed(allowed: methods.keys.map(\.rawValue).sorted().joined(separator: ", "))
    }

    /// What a path and a method lead to.
    enum Route {
        case found(any Controller)
        case notFound
        case methodNotAllowed(allowed: String)
    }
}
