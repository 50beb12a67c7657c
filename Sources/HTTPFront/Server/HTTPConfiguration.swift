package import Authentication
package import Charges
package import Telemetry

/// The settings of an HTTP server. Times are in milliseconds.
package struct HTTPConfiguration: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 takes any free one.
    package var port = 8080
    /// The time limit of a call.
    package var callTimeoutMilliseconds = 10_000
    /// The time limit for the arrival of a request's header, from its first byte on.
    package var headerTimeoutMilliseconds = 5000
    /// The time limit for the arrival of a request's body.
    package var bodyTimeoutMilliseconds = 5000
    /// The maximum size of a body, in bytes.
    package var maximumBodyBytes = 256 * 1024
    /// The maximum number of open connections.
    package var maximumConnections = 4096
    /// The maximum number of connections of one address. Trusted proxies have no such bound.
    package var maximumConnectionsPerAddress = 512
    /// The time after which an idle connection is closed.
    package var idleTimeoutMilliseconds = 75_000
    /// The proxies whose `X-Forwarded-For` is trusted.
    package var trustedProxies = TrustedProxies.none

    /// The HTTP status of errors under /crmapi, unless the operator has its own setting.
    package var errorStatusPolicy = ErrorStatusPolicy.standard

    package init() {}
}

/// The services that answer the calls.
package struct HTTPDependencies: Sendable {
    let authenticator: Authenticator
    let decisions: any DecisionRepository
    let charges: any ChargeRepository
    let provider: any ProviderRepository
    let statements: any StatementRepository
    let reconciliations: any ReconciliationRepository
    let operators: any OperatorRepository
    let transfers: TransferTurns
    let login: LoginService
    let keyLogin: APIKeyLogin
    let tokenRevocations: TokenRevocations
    let readiness: any Readiness
    let metrics: MetricsRecorder
    /// The gauges that `/metrics` also reads.
    let gauges: any GaugeSource

    package init(
        decisions: any DecisionRepository, charges: any ChargeRepository, provider: any ProviderRepository,
        statements: any StatementRepository, reconciliations: any ReconciliationRepository,
        operators: any OperatorRepository, transfers: TransferTurns,
        login: LoginService, keyLogin: APIKeyLogin, tokens: TokenVerifier, providerKeys: ProviderKeyVerifier,
        tokenRevocations: TokenRevocations, readiness: any Readiness,
        metrics: MetricsRecorder = MetricsRecorder(), gauges: any GaugeSource = GaugeSources()
    ) {
        authenticator = Authenticator(tokens: tokens, providerKeys: providerKeys)
        self.decisions = decisions
        self.charges = charges
        self.provider = provider
        self.statements = statements
        self.reconciliations = reconciliations
        self.operators = operators
        self.transfers = transfers
        self.login = login
        self.keyLogin = keyLogin
        self.tokenRevocations = tokenRevocations
        self.readiness = readiness
        self.metrics = metrics
        self.gauges = gauges
    }
}

/// The check of whether the node can take calls. It must return soon.
package protocol Readiness: Sendable {
    func isReady() async -> Bool
    /// One sentence about a node that takes calls all the same; `nil` if nothing is wrong.
    var warning: String? { get }
}
