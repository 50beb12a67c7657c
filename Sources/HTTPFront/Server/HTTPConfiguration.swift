package import Authentication
package import Charges
package import Telemetry

/// What the front is told. Times are in milliseconds.
package struct HTTPConfiguration: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// 0 takes any free one.
    package var port = 8080
    /// By when every call is answered.
    package var callTimeoutMilliseconds = 10_000
    /// By when a request's body must have arrived.
    package var bodyTimeoutMilliseconds = 5000
    /// The largest body, in bytes.
    package var maximumBodyBytes = 256 * 1024
    /// The most connections at a time; further ones wait to be taken.
    package var maximumConnections = 4096
    /// A connection is closed after being idle so long.
    package var idleTimeoutMilliseconds = 75_000
    /// Whose `X-Forwarded-For` is believed.
    package var trustedProxies = TrustedProxies.none

    /// How errors are answered under /crmapi, where the operator does not say otherwise.
    package var errorStatusPolicy = ErrorStatusPolicy.standard

    package init() {}
}

/// What the calls are answered with.
package struct HTTPDependencies: Sendable {
    package let decisions: any DecisionRepository
    package let charges: any ChargeRepository
    package let login: LoginService
    package let keyLogin: APIKeyLogin
    package let tokens: TokenVerifier
    package let tokenRevocations: TokenRevocations
    package let readiness: any Readiness
    package let metrics: MetricsRecorder
    /// What `/metrics` reads besides.
    package let gauges: any GaugeSource

    package init(
        decisions: any DecisionRepository, charges: any ChargeRepository, login: LoginService,
        keyLogin: APIKeyLogin, tokens: TokenVerifier, tokenRevocations: TokenRevocations,
        readiness: any Readiness,
        metrics: MetricsRecorder = MetricsRecorder(), gauges: any GaugeSource = GaugeSources()
    ) {
        self.decisions = decisions
        self.charges = charges
        self.login = login
        self.keyLogin = keyLogin
        self.tokens = tokens
        self.tokenRevocations = tokenRevocations
        self.readiness = readiness
        self.metrics = metrics
        self.gauges = gauges
    }
}

/// Says whether the node can take calls. It must answer soon.
package protocol Readiness: Sendable {
    func isReady() async -> Bool
}
