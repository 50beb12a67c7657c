package import Charges

/// The administration of the whole service by its administrators, in `/admin`: everything that the commands `operator`,
/// `user`, `key`, `provider-key`, `signing-key` and `admin` do, by the same statements, and the state of the nodes and the
/// feed.
///
/// It has connections of its own, with a login in the role countersign_administration. For each change the database checks,
/// in its transaction, that the acting administrator is not suspended and that its token's generation is valid, and records
/// the activity with the administrator as its actor. A change that is so already succeeds and records nothing. What was
/// changed is durable when the method returns. Reads check nothing: the session's token was checked a moment ago.
///
/// Every method throws `ServiceAdministrationFailure`. Any thread may call them.
package protocol ServiceAdministration: Sendable {
    // MARK: Operators

    /// Operators in the order of their codes, at most `ServiceOperatorPage.maximumCount`.
    ///
    /// - Parameter code: The code after which the page begins; `nil` for the first page.
    func operators(after code: String?, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> ServiceOperatorPage

    /// One operator; `nil` if there is none of this code.
    func serviceOperator(code: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> ServiceOperator?

    /// Adds an operator. Refusals: `invalidCode`, `invalidCurrency`, `invalidWindow`, `nameTaken`.
    func addOperator(
        _ new: NewOperatorAccount, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Changes an operator's settings, all of the changes or none. A change of the policy or of its window begins the
    /// windows of undecided charges anew. Refusals: `noSuchOperator`, `invalidCurrency`, `invalidWindow`, `unknownZone`.
    func change(
        operator code: String, _ change: OperatorChange, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Suspends an operator, which revokes all its tokens, or ends the suspension. Refusal: `noSuchOperator`.
    func setSuspension(
        ofOperator code: String, to isSuspended: Bool, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    // MARK: Users and keys of an operator

    /// The users and the keys of an operator. Refusal: `noSuchOperator`.
    func logins(ofOperator code: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> OperatorLogins

    /// Adds a user of an operator. Refusals: `noSuchOperator`, `invalidName`, `nameTaken`.
    ///
    /// - Parameters:
    ///   - passwordHash: The text of the password's hash; never the password itself.
    ///   - role: `nil` makes the operator's first user an administrator, and later ones deciders.
    /// - Returns: The user's role.
    @discardableResult
    func addUser(
        _ username: String, ofOperator code: String, passwordHash: String, role: Role?,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> Role

    /// Sets a user's password, which revokes the user's tokens. Refusals: `noSuchOperator`, `noSuchUser`.
    func setPassword(
        ofUser username: String, ofOperator code: String, toHash passwordHash: String,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Suspends a user, which revokes the user's tokens, or ends the suspension; the operator's last administrator too.
    /// Refusals: `noSuchOperator`, `noSuchUser`.
    func setSuspension(
        ofUser username: String, ofOperator code: String, to isSuspended: Bool,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Changes a user's role, which revokes the user's tokens. Refusals: `noSuchOperator`, `noSuchUser`.
    func setRole(
        ofUser username: String, ofOperator code: String, to role: Role, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Revokes a web API key of an operator permanently. Refusals: `noSuchOperator`, `noSuchKey`.
    func revokeKey(
        _ name: String, ofOperator code: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    // MARK: Keys of the provider

    /// All keys of the provider's, revoked ones included, by name.
    func providerKeys(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [ProviderKeySummary]

    /// Adds a key of the provider's. Refusals: `invalidName`, `nameTaken` (revoked keys keep their names).
    ///
    /// - Parameter hash: The key's SHA-256 (`APIKey.hash`); never the key itself.
    func addProviderKey(
        _ name: String, hash: [UInt8], by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Revokes a key of the provider's permanently. Refusal: `noSuchKey`.
    func revokeProviderKey(
        _ name: String, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    // MARK: Signing keys

    /// The signing keys, newest first. No secret is read.
    func signingKeys(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [SigningKeySummary]

    /// Adds a signing key, which signs from a few seconds later.
    ///
    /// - Parameter dropsOthers: Whether to drop all other keys at once, and with them every token, that of this session
    ///   included.
    /// - Returns: The time from which the key signs.
    func addSigningKey(
        dropsOthers: Bool, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> Timestamp

    /// Drops one signing key, and with it the tokens that it signed. Refusals: `noSuchKey`, `signingKeyInUse` for the key
    /// that signs now and those that will.
    func dropSigningKey(
        _ identifier: String, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    // MARK: Administrators of the service

    /// The administrators of the service, by name.
    func administrators(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [AdministratorSummary]

    /// Adds an administrator of the service. Refusals: `invalidName`, `nameTaken`.
    func addAdministrator(
        _ name: String, passwordHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Suspends an administrator of the service, which ends its sessions, or ends the suspension. Refusals:
    /// `noSuchAdministrator`, `lastAdministrator`.
    func setSuspension(
        ofAdministrator name: String, to isSuspended: Bool, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Sets another administrator's password, which ends its sessions. Refusals: `noSuchAdministrator`; `ownPassword` for
    /// the acting administrator's: a session that was left open must not be enough to take the account over.
    func setPassword(
        ofAdministrator name: String, toHash passwordHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    /// Sets the acting administrator's own password. That ends all its sessions, the one of this call included.
    ///
    /// - Parameter verifiedHash: The stored hash (`AdministratorAccount.passwordHash`) that the current password
    ///   matched. If another one is stored by now, the refusal is `sessionEnded`.
    func setOwnPassword(
        toHash passwordHash: String, verifiedHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure)

    // MARK: State

    /// The nodes that were seen within the last day, by name.
    func nodes(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure) -> [NodeStatus]

    /// The state of the provider's feed.
    func feed(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure) -> FeedStatus

    /// One page of the activity, newest first. Refusal: `noSuchOperator`.
    func activity(_ query: ServiceActivityQuery) async throws(ServiceAdministrationFailure)
        -> ServiceActivityPage
}

/// The reason why an administrator's change was not made. The raw values are the database's codes.
package enum ServiceAdministrationRefusal: String, Error, CaseIterable, Sendable {
    /// The acting administrator is suspended, or its token's generation has passed.
    case sessionEnded = "SESSION_ENDED"
    case noSuchOperator = "NO_SUCH_OPERATOR"
    case noSuchUser = "NO_SUCH_USER"
    case noSuchKey = "NO_SUCH_KEY"
    case noSuchAdministrator = "NO_SUCH_ADMINISTRATOR"
    case nameTaken = "NAME_TAKEN"
    case invalidName = "INVALID_NAME"
    case invalidCode = "INVALID_CODE"
    case invalidCurrency = "INVALID_CURRENCY"
    case invalidWindow = "INVALID_WINDOW"
    case unknownZone = "UNKNOWN_ZONE"
    /// The change would leave the service without an administrator that is not suspended.
    case lastAdministrator = "LAST_ADMINISTRATOR"
    case ownPassword = "OWN_PASSWORD"
    case signingKeyInUse = "SIGNING_KEY_IN_USE"
}

extension ServiceAdministrationRefusal: CustomStringConvertible {
    /// A sentence for the person who made the change.
    package var description: String {
        switch self {
        case .sessionEnded: "The session has ended; sign in again."
        case .noSuchOperator: "There is no operator of this code."
        case .noSuchUser: "The operator has no such user."
        case .noSuchKey: "There is no such key."
        case .noSuchAdministrator: "There is no administrator of this name."
        case .nameTaken: "The name is taken; names are not reused."
        case .invalidName: "The name is too long, empty, or has characters that are not allowed."
        case .invalidCode: "The code must be 1 to 64 visible ASCII characters."
        case .invalidCurrency: "The currency must be three capital letters, such as EUR."
        case .invalidWindow: "The window must be at least one second."
        case .unknownZone: "The zone is not a name of the time zone database, such as Europe/Athens."
        case .lastAdministrator:
            "The service's last active administrator cannot be suspended here; the command line can."
        case .ownPassword: "Your own password is changed with the current one, on its own page."
        case .signingKeyInUse: "The key that signs stays; add a new one first."
        }
    }
}

/// The failure of an administrator's read or change.
package enum ServiceAdministrationFailure: Error, Equatable, Sendable {
    /// Nothing was changed.
    case refused(ServiceAdministrationRefusal)
    /// The node has no connection string for administration. Nothing was changed.
    ///
    /// - Parameter setting: The setting that is missing: `administration-database`.
    case notConfigured(setting: String)
    /// The database cannot be reached, or failed. Its outcome is unknown if the code says so.
    case request(RequestFailure)
}
