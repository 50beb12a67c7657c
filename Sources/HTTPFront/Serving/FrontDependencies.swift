package import Authentication
package import Charges
package import Measurements

/// What the calls are answered with.
package struct FrontDependencies: Sendable {
    package let decisions: any DecisionRepository
    package let charges: any ChargeRepository
    package let login: LoginService
    package let keyLogin: KeyLoginService
    package let tokens: TokenVerifier
    package let tokenEnds: TokenEnds
    package let readiness: any Readiness
    package let measurements: Measurements
    /// What `/metrics` reads besides.
    package let gauges: any GaugeSource

    package init(
        decisions: any DecisionRepository, charges: any ChargeRepository, login: LoginService,
        keyLogin: KeyLoginService, tokens: TokenVerifier, tokenEnds: TokenEnds, readiness: any Readiness,
        measurements: Measurements = Measurements(), gauges: any GaugeSource = GaugeSources()
    ) {
        self.decisions = decisions
        self.charges = charges
        self.login = login
        self.keyLogin = keyLogin
        self.tokens = tokens
        self.tokenEnds = tokenEnds
        self.readiness = readiness
        self.measurements = measurements
        self.gauges = gauges
    }
}
