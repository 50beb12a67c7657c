package import Charges

/// The kinds of activity.
package enum ActivityKind: String, Sendable, CaseIterable {
    case signedIn = "SIGNED_IN"
    case signInFailed = "SIGN_IN_FAILED"
    case userAdded = "USER_ADDED"
    case userRoleChanged = "USER_ROLE_CHANGED"
    case userSuspended = "USER_SUSPENDED"
    case userResumed = "USER_RESUMED"
    case passwordChanged = "PASSWORD_CHANGED"
    case tokensRevoked = "TOKENS_REVOKED"
    case keyAdded = "KEY_ADDED"
    case keyRoleChanged = "KEY_ROLE_CHANGED"
    case keyRevoked = "KEY_REVOKED"
    case operatorAdded = "OPERATOR_ADDED"
    case operatorSuspended = "OPERATOR_SUSPENDED"
    case operatorResumed = "OPERATOR_RESUMED"
    case settingsChanged = "SETTINGS_CHANGED"
    case policyChanged = "POLICY_CHANGED"
    case providerKeyAdded = "PROVIDER_KEY_ADDED"
    case providerKeyRevoked = "PROVIDER_KEY_REVOKED"
    case signingKeyAdded = "SIGNING_KEY_ADDED"
    case signingKeyDropped = "SIGNING_KEY_DROPPED"
    case administratorAdded = "ADMINISTRATOR_ADDED"
    case administratorSuspended = "ADMINISTRATOR_SUSPENDED"
    case administratorResumed = "ADMINISTRATOR_RESUMED"
    case administratorPasswordChanged = "ADMINISTRATOR_PASSWORD_CHANGED"
}

/// The place where something was done.
package enum ActivityChannel: String, Sendable {
    case console
    case admin
    case commandLine = "command-line"
}

/// A row of the activity: a sign-in, or a change of accounts, roles, keys, policies, settings or suspensions.
package struct Activity: Equatable, Sendable {
    /// The row's number, by which lists are ordered.
    package let number: Int64
    /// The time; of failed sign-ins, that of the first.
    package let madeOn: Timestamp
    package let kind: ActivityKind
    package let channel: ActivityChannel
    /// The user of the operator, the administrator of the service, or the login of the database, by `channel`; `nil` of
    /// a failed sign-in.
    package let actor: String?
    /// The name of a user or a key, the code of an operator, or the name of a setting; `nil` of a failed sign-in with
    /// an unknown name.
    package let subject: String?
    /// The client's address, where it is known.
    package let address: String?
    /// The value before, such as a role.
    package let oldValue: String?
    package let newValue: String?
    /// How many times. More than 1 for failed sign-ins alone, which have one row for each user, address and hour.
    package let count: Int

    package init(
        number: Int64, madeOn: Timestamp, kind: ActivityKind, channel: ActivityChannel, actor: String?,
        subject: String?, address: String?, oldValue: String?, newValue: String?, count: Int
    ) {
        self.number = number
        self.madeOn = madeOn
        self.kind = kind
        self.channel = channel
        self.actor = actor
        self.subject = subject
        self.address = address
        self.oldValue = oldValue
        self.newValue = newValue
        self.count = count
    }
}

/// A query for one page of an operator's activity, newest first.
package struct ActivityQuery: Sendable {
    /// The maximum number of rows in one page.
    package static let maximumCount = 50

    package var operatorIdentifier: OperatorIdentifier
    /// The kind to list; `nil` for all.
    package var kind: ActivityKind?
    /// The number before which the page begins; `nil` for the newest row. `NumberCursor` makes a client's cursor of it.
    package var before: Int64?
    /// The maximum number of rows, 1 to 50.
    package var count: Int
    package var deadline: ContinuousClock.Instant

    package init(
        operatorIdentifier: OperatorIdentifier, kind: ActivityKind? = nil, before: Int64? = nil,
        count: Int = maximumCount, deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.kind = kind
        self.before = before
        self.count = count
        self.deadline = deadline
    }
}

/// One page of an operator's activity.
package struct ActivityPage: Sendable {
    package let activities: [Activity]
    /// The number before which the next page begins; `nil` if there is none.
    package let next: Int64?

    package init(activities: [Activity], next: Int64?) {
        self.activities = activities
        self.next = next
    }
}

/// An attempt to sign in to the console.
package struct SignIn: Sendable {
    package let operatorCode: String
    package let username: String
    /// The client's address.
    package let address: String
    package let succeeded: Bool

    package init(operatorCode: String, username: String, address: String, succeeded: Bool) {
        self.operatorCode = operatorCode
        self.username = username
        self.address = address
        self.succeeded = succeeded
    }
}

/// The store of the activity. Changes are recorded by the database itself, in the transactions that make them.
package protocol ActivityRepository: Sendable {
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func page(_ query: ActivityQuery) async throws(RequestFailure) -> ActivityPage

    /// Records a sign-in. Of failed ones the names that exist are recorded, and they are counted by the hour.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if nothing was recorded, `outcomeUnknown`.
    func record(_ signIn: SignIn, deadline: ContinuousClock.Instant) async throws(RequestFailure)
}
