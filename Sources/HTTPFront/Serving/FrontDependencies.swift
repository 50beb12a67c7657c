package import Authentication
package import Charges

/// What the calls are answered with.
package struct FrontDependencies: Sendable {
    package let decisions: any DecisionRepository
    package let login: LoginService
    package let keyLogin: KeyLoginService
    package let tokens: TokenVerifier
    package let tokenEnds: TokenEnds
    package let readiness: any Readiness

    package init(
        decisions: any DecisionRepository, login: LoginService, keyLogin: KeyLoginService,
        tokens: TokenVerifier, tokenEnds: TokenEnds, readiness: any Readiness
    ) {
        self.decisions = decisions
        self.login = login
        self.keyLogin = keyLogin
        self.tokens = tokens
        self.tokenEnds = tokenEnds
        self.readiness = readiness
    }
}
