package import Charges

/// The sessions of the service's administrators as tokens of the audience `admin`. The administrator is read from the
/// store at every call: few people call, and what ends a session ends it at once.
package struct TokenAdministratorSessions: AdministratorSessions {
    private let login: LoginService
    private let administrators: any AdministratorRepository
    private let issuer: TokenIssuer
    private let signatures: SignatureVerifier
    private let now: @Sendable () -> Timestamp?

    /// - Parameters:
    ///   - login: The logins with a password, whose limits and turns are shared.
    ///   - now: The database's time, by which tokens are issued and expire; `nil` if the node does not know it yet.
    package init(
        login: LoginService, administrators: any AdministratorRepository, keys: TokenKeys,
        now: @escaping @Sendable () -> Timestamp?
    ) {
        self.login = login
        self.administrators = administrators
        issuer = TokenIssuer(keys: keys, audience: .admin, now: now)
        signatures = SignatureVerifier(keys: keys)
        self.now = now
    }

    package func signIn(
        name: String, password: String, address: String, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> String {
        let account: AdministratorAccount
        do throws(RequestFailure) {
            account = try await verified(name, password: password, address: address, deadline: deadline)
        } catch {
            if error.code == .invalidCredentials {
                await record(name, address, succeeded: false, deadline: deadline)
            }
            throw error
        }
        guard !account.isSuspended else { throw .administratorSuspended }
        let token = try await issuer.issue(administrator: account)
        await record(name, address, succeeded: true, deadline: deadline)
        return token
    }

    package func principal(of token: String, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> AdministratorPrincipal
    {
        let verified = try await signatures.verify(token)
        let claims = verified.claims
        guard claims.aud == TokenAudience.admin.rawValue, claims.rol == TokenClaims.serviceAdministrator,
            let session = Session(claims)
        else { throw .foreignToken }
        guard let now = now() else { throw .serviceUnavailable }
        guard now.secondsSince1970 < claims.exp else { throw .tokenExpired }
        let account = try await administrators.administrator(
            named: ExactText(claims.usr), deadline: deadline)
        guard let account, !account.isSuspended, account.tokenGeneration == verified.generation.ofLogin
        else { throw .tokenRevoked }
        return AdministratorPrincipal(
            name: account.name, tokenIdentifier: claims.jti, tokenGeneration: account.tokenGeneration,
            session: session)
    }

    package func renew(_ principal: AdministratorPrincipal) async throws(RequestFailure) -> String {
        try await issuer.renew(principal)
    }

    package func signOut(_ principal: AdministratorPrincipal, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
    {
        try await administrators.revokeTokens(
            of: ExactText(principal.name), generation: principal.tokenGeneration, deadline: deadline)
    }

    package func verified(
        _ principal: AdministratorPrincipal, password: String, address: String,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> AdministratorAccount {
        try await verified(principal.name, password: password, address: address, deadline: deadline)
    }

    private func verified(
        _ name: String, password: String, address: String, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> AdministratorAccount {
        let isWellFormed = [name, password].allSatisfy(PasswordRule.isWellFormed)
        return try await login.verified(
            LoginLimit.Pair(administrator: name, address: address), password: isWellFormed ? password : nil,
            failure: RequestFailure(.invalidCredentials, "The name or the password is wrong."),
            deadline: deadline, hash: \AdministratorAccount.passwordHash
        ) { () throws(RequestFailure) in
            try await administrators.administrator(named: ExactText(name), deadline: deadline)
        }
    }

    /// Records a sign-in. The store logs a failure.
    private func record(
        _ name: String, _ address: String, succeeded: Bool, deadline: ContinuousClock.Instant
    ) async {
        try? await administrators.recordSignIn(
            of: name, from: address, succeeded: succeeded, deadline: deadline)
    }
}
