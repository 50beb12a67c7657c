package import Charges

/// An administrator of the service, as signing in needs it. Administrators sign in to `/admin`. They belong to no operator,
/// and operators' users are none.
package struct AdministratorAccount: Equatable, Sendable {
    package let name: String
    /// The password's hash, in the format of `PasswordHash`.
    package let passwordHash: String
    package let isSuspended: Bool
    /// The generation of the administrator's valid tokens.
    package let tokenGeneration: Int

    package init(name: String, passwordHash: String, isSuspended: Bool, tokenGeneration: Int) {
        self.name = name
        self.passwordHash = passwordHash
        self.isSuspended = isSuspended
        self.tokenGeneration = tokenGeneration
    }
}

/// The store of the service's administrators, as far as signing in and out needs it.
package protocol AdministratorRepository: Sendable {
    /// The administrator of this name, compared by bytes, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func administrator(named name: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> AdministratorAccount?

    /// Revokes all tokens of an administrator that are of a generation, and records nothing. It does nothing if the
    /// generation has passed.
    ///
    /// - Throws: `serviceUnavailable` if nothing was applied, `outcomeUnknown`.
    func revokeTokens(of name: ExactText, generation: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)

    /// Records a sign-in in the activity of the service. Failed ones are counted by the hour, and have the name only if
    /// it is an administrator's.
    ///
    /// - Throws: `serviceUnavailable` if nothing was recorded, `outcomeUnknown`.
    func recordSignIn(
        of name: String, from address: String, succeeded: Bool, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure)
}

/// The authenticated administrator of the service, as a token names it.
package struct AdministratorPrincipal: Sendable {
    package let name: String
    /// The token's own name, which may be logged; the token may not.
    package let tokenIdentifier: String
    /// The generation of the token, by which the database checks it again where a change rests on it.
    package let tokenGeneration: Int
    package let session: Session

    package init(name: String, tokenIdentifier: String, tokenGeneration: Int, session: Session) {
        self.name = name
        self.tokenIdentifier = tokenIdentifier
        self.tokenGeneration = tokenGeneration
        self.session = session
    }
}

/// The administrator of the service who makes a change, as its token names it.
package struct ActingAdministrator: Sendable {
    package let name: String
    /// The generation of the token.
    package let tokenGeneration: Int
    /// The client's address, for the activity.
    package let address: String?

    package init(name: String, tokenGeneration: Int, address: String?) {
        self.name = name
        self.tokenGeneration = tokenGeneration
        self.address = address
    }

    package init(_ principal: AdministratorPrincipal, address: String?) {
        self.init(
            name: principal.name, tokenGeneration: principal.tokenGeneration, address: address)
    }
}

/// The sessions of the service's administrators: signing in, the check of a session's token, its renewal, and signing out.
/// The tokens are of the audience `admin`. Any thread may call it.
package protocol AdministratorSessions: Sendable {
    /// Signs in, within the limits of all logins with a password, and records it in the activity. A failure to record it
    /// is logged, and does not keep the person out.
    ///
    /// - Parameter address: The client's address. Failures are counted per name and address.
    /// - Returns: The session's first token.
    /// - Throws: `invalidCredentials`, the same for a wrong name and a wrong password, in the same time;
    ///   `administratorSuspended`, only after a correct password; `rateLimited`; `serviceUnavailable`.
    func signIn(
        name: String, password: String, address: String, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> String

    /// Verifies a session's token, and that its administrator is not suspended and has not signed out since.
    ///
    /// - Throws: `invalidToken`, `tokenExpired`, or `serviceUnavailable` if the node does not know, as of the last
    ///   second, whether the token is valid.
    func principal(of token: String, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> AdministratorPrincipal

    /// The next token of a session, which ends no later than the session may last (`Session.maximumSeconds`).
    ///
    /// - Throws: `serviceUnavailable`.
    func renew(_ principal: AdministratorPrincipal) async throws(RequestFailure) -> String

    /// Ends all sessions of the administrator, on every node at once.
    ///
    /// - Throws: `serviceUnavailable` if nothing was applied, `outcomeUnknown`.
    func signOut(_ principal: AdministratorPrincipal, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)

    /// The administrator of a session, if the password is its own, within the limits of logins: before it is changed.
    ///
    /// - Throws: As `signIn`.
    func verified(
        _ principal: AdministratorPrincipal, password: String, address: String,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> AdministratorAccount
}

extension RequestFailure {
    /// The failure of signing in as an administrator of the service who is suspended.
    package static let administratorSuspended = RequestFailure(
        .notPermitted, "The administrator is suspended.")
}
