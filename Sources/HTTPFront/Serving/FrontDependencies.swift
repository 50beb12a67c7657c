package import Authentication
package import Charges

/// What the calls are answered with.
package struct FrontDependencies: Sendable {
    package let decisions: any DecisionRepository
    package let charges: any ChargeRepository
    package let login: LoginService
    package let tokens: TokenVerifier
    package let readiness: any Readiness

    package init(
        decisions: any DecisionRepository, charges: any ChargeRepository, login: LoginService,
        tokens: TokenVerifier, readiness: any Readiness
    ) {
        self.decisions = decisions
        self.charges = charges
        self.login = login
        self.tokens = tokens
        self.readiness = readiness
    }
}
