package import Charges

/// An operator, as the administrators of the service see it.
package struct ServiceOperator: Equatable, Sendable {
    package let code: String
    package let settings: OperatorSettings
    package let createdOn: Timestamp
    /// The time of its suspension; `nil` if it is active.
    package let suspendedOn: Timestamp?
    /// The number of users that are not suspended.
    package let activeUserCount: Int
    /// The number of administrators among them.
    package let activeAdministratorCount: Int
    /// The number of web API keys that are not revoked.
    package let activeKeyCount: Int
    /// The number of its pending charges without a decision, as far as the read counted. A page of operators counts less
    /// far than the read of one.
    package let undecidedCount: BoundedCount
    /// The time of receipt of the oldest of them; `nil` if none was found.
    package let oldestUndecidedOn: Timestamp?

    package init(
        code: String, settings: OperatorSettings, createdOn: Timestamp, suspendedOn: Timestamp?,
        activeUserCount: Int, activeAdministratorCount: Int, activeKeyCount: Int,
        undecidedCount: BoundedCount, oldestUndecidedOn: Timestamp?
    ) {
        self.code = code
        self.settings = settings
        self.createdOn = createdOn
        self.suspendedOn = suspendedOn
        self.activeUserCount = activeUserCount
        self.activeAdministratorCount = activeAdministratorCount
        self.activeKeyCount = activeKeyCount
        self.undecidedCount = undecidedCount
        self.oldestUndecidedOn = oldestUndecidedOn
    }
}

/// A page of operators, by their codes.
package struct ServiceOperatorPage: Sendable {
    /// The most operators of one page.
    package static let maximumCount = 50

    package let operators: [ServiceOperator]
    /// The code after which the next page begins; `nil` if there is none.
    package let next: String?

    package init(operators: [ServiceOperator], next: String?) {
        self.operators = operators
        self.next = next
    }
}

/// An operator to add.
package struct NewOperatorAccount: Sendable {
    /// 1 to 64 visible ASCII characters, unlike every other operator's.
    package var code: String
    /// The operator's local currency, three capital letters.
    package var currency: String
    package var undecidedPolicy: UndecidedPolicy
    /// How long a charge may stay undecided before the policy acts; at least 1.
    package var undecidedWindowSeconds: Int

    package init(
        code: String, currency: String, undecidedPolicy: UndecidedPolicy = .hold,
        undecidedWindowSeconds: Int = 72 * 60 * 60
    ) {
        self.code = code
        self.currency = currency
        self.undecidedPolicy = undecidedPolicy
        self.undecidedWindowSeconds = undecidedWindowSeconds
    }
}

/// The changes to an operator; `nil` leaves a setting as it is.
package struct OperatorChange: Sendable {
    package var undecidedPolicy: UndecidedPolicy?
    package var undecidedWindowSeconds: Int?
    package var currency: String?
    /// The error status policy; `.some(nil)` leaves it to the node's setting.
    package var errorStatusPolicy: ErrorStatusPolicy??
    package var repeatedDecisionsSucceed: Bool?
    /// The zone whose days end its statements, from the end of the one under way.
    package var zone: String?

    package init() {}

    /// Whether there is no change in it.
    package var isEmpty: Bool {
        undecidedPolicy == nil && undecidedWindowSeconds == nil && currency == nil
            && errorStatusPolicy == nil && repeatedDecisionsSucceed == nil && zone == nil
    }
}

/// A key of the provider's, as lists show it.
package struct ProviderKeySummary: Equatable, Sendable {
    package let name: String
    package let createdOn: Timestamp
    package let revokedOn: Timestamp?

    package init(name: String, createdOn: Timestamp, revokedOn: Timestamp?) {
        self.name = name
        self.createdOn = createdOn
        self.revokedOn = revokedOn
    }
}

/// A signing key, as lists show it.
package struct SigningKeySummary: Equatable, Sendable {
    /// What a key does.
    package enum State: String, CaseIterable, Sendable {
        /// It will sign once every node knows it.
        case coming = "COMING"
        /// It signs new tokens.
        case signing = "SIGNING"
        /// It signs no more; tokens that it signed may still be valid.
        case verifying = "VERIFYING"
        /// Every token that it signed has expired.
        case expired = "EXPIRED"
    }

    package let identifier: String
    package let state: State
    package let createdOn: Timestamp
    package let signsFrom: Timestamp

    package init(identifier: String, state: State, createdOn: Timestamp, signsFrom: Timestamp) {
        self.identifier = identifier
        self.state = state
        self.createdOn = createdOn
        self.signsFrom = signsFrom
    }
}

/// An administrator of the service, as lists show it.
package struct AdministratorSummary: Equatable, Sendable {
    package let name: String
    package let createdOn: Timestamp
    package let suspendedOn: Timestamp?

    package init(name: String, createdOn: Timestamp, suspendedOn: Timestamp?) {
        self.name = name
        self.createdOn = createdOn
        self.suspendedOn = suspendedOn
    }
}

/// What a node says of itself every few seconds, in the table `node_status`.
package struct NodeStatus: Equatable, Sendable {
    /// What kind of server a node's database is.
    package enum DatabaseRole: String, CaseIterable, Sendable {
        case primary
        case standby
    }

    /// The node's name (`--node-name`).
    package let name: String
    /// The version of the build, such as `0.1.0`.
    package let version: String
    /// The number of the build, which says what it needs of the schema.
    package let buildNumber: Int
    /// The role of the server that the node last wrote its status to.
    package let databaseRole: DatabaseRole
    /// The connections of all of its pools to the database.
    package let openConnectionCount: Int
    package let busyConnectionCount: Int
    package let maximumConnectionCount: Int
    /// The number of calls that wait for a connection.
    package let waitingForConnectionCount: Int
    /// The number of calls that wait for their batch.
    package let queuedCallCount: Int
    /// The number of calls, since the node started, whose outcome it could not tell.
    package let unknownOutcomeCount: Int
    /// The time at which the node started, by the database's clock.
    package let startedOn: Timestamp
    /// The time at which the node was last seen, by the database's clock.
    package let lastSeenOn: Timestamp
    /// Whether it was seen within `freshSeconds`. A node that has ended, or cannot write to its database, is not.
    package let isFresh: Bool

    /// The age in seconds beyond which a status is not fresh: that of three that are missing.
    package static let freshSeconds = 15

    package init(
        name: String, version: String, buildNumber: Int, databaseRole: DatabaseRole,
        openConnectionCount: Int, busyConnectionCount: Int, maximumConnectionCount: Int,
        waitingForConnectionCount: Int, queuedCallCount: Int, unknownOutcomeCount: Int,
        startedOn: Timestamp, lastSeenOn: Timestamp, isFresh: Bool
    ) {
        self.name = name
        self.version = version
        self.buildNumber = buildNumber
        self.databaseRole = databaseRole
        self.openConnectionCount = openConnectionCount
        self.busyConnectionCount = busyConnectionCount
        self.maximumConnectionCount = maximumConnectionCount
        self.waitingForConnectionCount = waitingForConnectionCount
        self.queuedCallCount = queuedCallCount
        self.unknownOutcomeCount = unknownOutcomeCount
        self.startedOn = startedOn
        self.lastSeenOn = lastSeenOn
        self.isFresh = isFresh
    }
}

/// The state of the provider's feed.
package struct FeedStatus: Equatable, Sendable {
    /// The epoch, which each cursor carries.
    package let epoch: String
    /// The position of the last published decision; 0 before the first.
    package let lastPosition: Int64
    /// The time of the last publication or the end of the last statement; `nil` before the first.
    package let lastPublishedOn: Timestamp?
    /// The number of decisions without a position, of the first 1000 batches that wait.
    package let unpublishedDecisionCount: Int
    /// The age of the oldest decision without a position, in milliseconds; 0 if there is none.
    package let lagMilliseconds: Int

    package init(
        epoch: String, lastPosition: Int64, lastPublishedOn: Timestamp?, unpublishedDecisionCount: Int,
        lagMilliseconds: Int
    ) {
        self.epoch = epoch
        self.lastPosition = lastPosition
        self.lastPublishedOn = lastPublishedOn
        self.unpublishedDecisionCount = unpublishedDecisionCount
        self.lagMilliseconds = lagMilliseconds
    }
}

/// A query for one page of the activity of the service, newest first.
package struct ServiceActivityQuery: Sendable {
    /// Whose activity is listed.
    package enum Scope: Equatable, Sendable {
        /// That of every operator, and the service's own.
        case all
        /// The service's own: its administrators, provider keys and signing keys.
        case service
        /// That of the operator with a code.
        case operatorCode(String)
    }

    package var scope: Scope
    /// The kind to list; `nil` for all.
    package var kind: ActivityKind?
    /// The number before which the page begins; `nil` for the newest row.
    package var before: Int64?
    /// The maximum number of rows, 1 to `ActivityQuery.maximumCount`.
    package var count: Int
    package var deadline: ContinuousClock.Instant

    package init(
        scope: Scope = .all, kind: ActivityKind? = nil, before: Int64? = nil,
        count: Int = ActivityQuery.maximumCount, deadline: ContinuousClock.Instant
    ) {
        self.scope = scope
        self.kind = kind
        self.before = before
        self.count = count
        self.deadline = deadline
    }
}

/// One page of the activity of the service.
package struct ServiceActivityPage: Sendable {
    /// A row of the activity, with the operator's code; `nil` for what is the service's own.
    package struct Row: Equatable, Sendable {
        package let operatorCode: String?
        package let activity: Activity

        package init(operatorCode: String?, activity: Activity) {
            self.operatorCode = operatorCode
            self.activity = activity
        }
    }

    package let rows: [Row]
    /// The number before which the next page begins; `nil` if there is none.
    package let next: Int64?

    package init(rows: [Row], next: Int64?) {
        self.rows = rows
        self.next = next
    }
}
