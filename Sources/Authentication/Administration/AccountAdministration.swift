package import Charges

/// The changes of an operator's accounts and settings by one of its own users, in the console.
///
/// The database checks the acting user in the transaction of the change: that its token's generations are still valid,
/// that neither it nor its operator is suspended, and that its role permits the change. The activity is recorded in the
/// same transaction. A change that is so already succeeds and records nothing.
///
/// Each method throws `AccountFailure`, and returns once the change is durable. Any thread may call them.
package protocol AccountAdministration: Sendable {
    /// The users and the keys of the acting user's operator, for administrators.
    func accounts(by acting: ActingUser, deadline: ContinuousClock.Instant) async throws(AccountFailure)
        -> OperatorLogins

    /// Adds a user. The name must be one that `AccountNameRule.isUsername` admits, else the refusal is `invalidName`.
    ///
    /// - Parameter passwordHash: The text of the password's hash; never the password itself.
    func addUser(
        _ username: String, passwordHash: String, role: Role, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)

    /// Changes a user's role, which revokes the user's tokens.
    func setRole(
        ofUser username: String, to role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)

    /// Suspends a user, which revokes the user's tokens, or ends the suspension, which makes none of them valid again.
    func setSuspension(
        ofUser username: String, to isSuspended: Bool, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)

    /// Sets another user's password, which revokes the user's tokens. For the acting user's own password the refusal is
    /// `notPermitted`: a session that was left open must not be enough to take the account over.
    func setPassword(
        ofUser username: String, toHash passwordHash: String, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)

    /// Sets the acting user's own password, whatever its role. That revokes its tokens, the one of this call included.
    ///
    /// - Parameter verifiedHash: The stored hash (`UserAccount.passwordHash`) that the current password matched. If
    ///   another one is stored by now, the refusal is `loginEnded`.
    func setOwnPassword(
        toHash passwordHash: String, verifiedHash: String, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)

    /// Revokes a user's tokens. Every role may revoke its own.
    func revokeTokens(
        ofUser username: String, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)

    /// Adds a web API key. The name must be one that `AccountNameRule.isKeyName` admits, else the refusal is
    /// `invalidName`; that of a revoked key is taken.
    ///
    /// - Parameter hash: The key's SHA-256; never the key itself.
    func addKey(
        _ name: String, hash: [UInt8], role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)

    /// Changes a key's role, which revokes its tokens.
    func setRole(ofKey name: String, to role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant)
        async throws(AccountFailure)

    /// Revokes a key permanently, and with it its tokens.
    func revokeKey(_ name: String, by acting: ActingUser, deadline: ContinuousClock.Instant)
        async throws(AccountFailure)

    /// The operator's settings, as every one of its users may see them; `nil` if there is no such operator.
    func settings(of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant)
        async throws(AccountFailure) -> OperatorSettings?

    /// Changes the operator's settings, all of the changes or none.
    func change(
        settings: OperatorSettingsChange, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure)
}

/// The user who makes a change, as its token names it.
package struct ActingUser: Sendable {
    package let operatorIdentifier: OperatorIdentifier
    package let username: String
    /// The generations of the token.
    package let tokenGeneration: TokenGeneration
    /// The client's address, for the activity.
    package let address: String?

    package init(
        operatorIdentifier: OperatorIdentifier, username: String, tokenGeneration: TokenGeneration,
        address: String?
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.username = username
        self.tokenGeneration = tokenGeneration
        self.address = address
    }

    package init(_ principal: Principal, address: String?) {
        self.init(
            operatorIdentifier: principal.operatorAccount.identifier, username: principal.username,
            tokenGeneration: principal.tokenGeneration, address: address)
    }
}

/// The users and keys of an operator, by name.
package struct OperatorLogins: Sendable {
    package let users: [Login]
    /// The keys, revoked ones included.
    package let keys: [Login]

    /// A user or a key.
    package struct Login: Equatable, Sendable {
        package let name: String
        package let role: Role
        package let createdOn: Timestamp
        /// The time at which the user was suspended, or the key revoked.
        package let endedOn: Timestamp?

        package init(name: String, role: Role, createdOn: Timestamp, endedOn: Timestamp?) {
            self.name = name
            self.role = role
            self.createdOn = createdOn
            self.endedOn = endedOn
        }
    }

    package init(users: [Login], keys: [Login]) {
        self.users = users
        self.keys = keys
    }
}

/// The settings of an operator.
package struct OperatorSettings: Equatable, Sendable {
    package let currency: String
    package let undecidedPolicy: UndecidedPolicy
    package let undecidedWindowSeconds: Int
    /// The zone whose days end the operator's statements.
    package let zone: String
    /// `nil` leaves the HTTP status of errors to the node's setting.
    package let errorStatusPolicy: ErrorStatusPolicy?
    package let repeatedDecisionsSucceed: Bool

    package init(
        currency: String, undecidedPolicy: UndecidedPolicy, undecidedWindowSeconds: Int, zone: String,
        errorStatusPolicy: ErrorStatusPolicy?, repeatedDecisionsSucceed: Bool
    ) {
        self.currency = currency
        self.undecidedPolicy = undecidedPolicy
        self.undecidedWindowSeconds = undecidedWindowSeconds
        self.zone = zone
        self.errorStatusPolicy = errorStatusPolicy
        self.repeatedDecisionsSucceed = repeatedDecisionsSucceed
    }
}

/// The changes of the settings that are an operator's own; `nil` leaves a setting as it is. Currency and policy are agreed
/// with the service, whose administrators alone change them.
package struct OperatorSettingsChange: Sendable {
    /// A name of the time zone database, or an ISO offset; else the refusal is `unknownZone`. It counts from the end of
    /// the statement under way.
    package var zone: String?
    /// `.some(nil)` leaves the HTTP status of errors to the node's setting.
    package var errorStatusPolicy: ErrorStatusPolicy??
    package var repeatedDecisionsSucceed: Bool?

    package init() {}
}

/// The reason why a change of accounts was not made. The raw values are the database's codes.
package enum AccountRefusal: String, Error, CaseIterable, Sendable {
    /// The acting user's token is revoked, or the user or its operator is suspended.
    case loginEnded = "LOGIN_ENDED"
    /// The acting user's role does not permit the change.
    case notPermitted = "NOT_PERMITTED"
    /// The acting user would grant a higher role than its own.
    case roleAboveOwn = "ROLE_ABOVE_OWN"
    /// The change would leave the operator without an administrator that is not suspended.
    case lastAdministrator = "LAST_ADMINISTRATOR"
    case nameTaken = "NAME_TAKEN"
    case noSuchUser = "NO_SUCH_USER"
    case noSuchKey = "NO_SUCH_KEY"
    case invalidName = "INVALID_NAME"
    case unknownZone = "UNKNOWN_ZONE"
}

extension AccountRefusal: CustomStringConvertible {
    /// A sentence for the person who made the change.
    package var description: String {
        switch self {
        case .loginEnded: "The login has ended; sign in again."
        case .notPermitted: "The role does not permit this."
        case .roleAboveOwn: "A role above one's own cannot be granted."
        case .lastAdministrator: "The operator's last active administrator stays one."
        case .nameTaken: "The name is taken; names are not reused."
        case .noSuchUser: "The operator has no such user."
        case .noSuchKey: "The operator has no such key."
        case .invalidName: "The name is too long, empty, or has characters that are not allowed."
        case .unknownZone: "The zone is not a name of the time zone database, such as Europe/Athens."
        }
    }
}

/// The failure of a change of accounts.
package enum AccountFailure: Error, Equatable, Sendable {
    /// Nothing was changed.
    case refused(AccountRefusal)
    /// The service could not make the change. Its outcome is unknown if the code says so.
    case request(RequestFailure)
}

/// The rules for the names of accounts.
package enum AccountNameRule {
    /// Whether the text can be a user's name: 1 to 128 characters without control characters. It does not begin with
    /// `key:`, as the names of keys do in tokens and in the history.
    package static func isUsername(_ text: String) -> Bool {
        isAdministratorName(text) && !text.utf8.starts(with: "key:".utf8)
    }

    /// Whether the text can be the name of an administrator of the service: 1 to 128 characters without control
    /// characters.
    package static func isAdministratorName(_ text: String) -> Bool {
        (1...128).contains(text.unicodeScalars.count)
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Whether the text can be an operator's code: 1 to 64 visible ASCII characters.
    package static func isOperatorCode(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Whether the text can be a key's name: 1 to 64 visible ASCII characters.
    package static func isKeyName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
