/// A file of an operator by which many charges are accepted, declined or acknowledged. A dry run of all its rows comes
/// first; once it is started, its rows are carried out in calls. It is kept for seven days.
package struct DecisionFile: Sendable {
    package var operatorIdentifier: OperatorIdentifier
    /// The file's number, from 1, among those of its operator. It is never used again.
    package var number: Int
    /// A name for people.
    package var name: String?
    /// The action on every charge.
    package var action: ChargeAction
    package var state: State
    /// The user, or `key:NAME`, that uploaded it.
    package var uploadedBy: String
    package var uploadedOn: Timestamp
    /// The number of the file's rows, without its header.
    package var rows: Int
    /// The file's SHA-256.
    package var fileDigest: [UInt8]
    /// The login under which the file is carried out, and which its decisions bear: that of the upload, then of who
    /// started or resumed it last.
    package var username: String
    /// The role of that login then, as tokens have it.
    package var role: String
    /// The number of rows that the dry run has passed.
    package var checkedRows: Int
    /// The number of rows whose outcome is known, those with a fault among them.
    package var decidedRows: Int
    /// When it was first started.
    package var startedOn: Timestamp?
    /// When it was done, cancelled or failed.
    package var finishedOn: Timestamp?
    /// Why it is paused; `nil` for every other state.
    package var pauseReason: PauseReason?
    /// The user, or `key:NAME`, that cancelled it. While it is `running` still, a call of it that had begun is resolved.
    package var cancelledBy: String?
    /// Why the file cannot be read; `nil` for every other state than `failed`.
    package var failure: DecisionFileFault?

    /// The state of a file. The raw values are those of the database.
    package enum State: String, Sendable, CaseIterable {
        /// The dry run is under way, or about to begin.
        case received = "RECEIVED"
        /// The dry run is done; the file can be started.
        case checked = "CHECKED"
        case running = "RUNNING"
        /// Its login has ended, so no call is made until it is resumed.
        case paused = "PAUSED"
        case done = "DONE"
        case cancelled = "CANCELLED"
        /// The file cannot be read.
        case failed = "FAILED"
    }

    /// Why a login may not decide at this moment. The raw values are those of the database.
    package enum PauseReason: String, Sendable, CaseIterable {
        case operatorSuspended = "OPERATOR_SUSPENDED"
        /// The login was suspended or revoked, or has another password or role since.
        case loginEnded = "LOGIN_ENDED"
        /// The role may not decide, or the login is not the one that may do so with this file.
        case notPermitted = "NOT_PERMITTED"
    }

    /// The most rows of a file.
    package static let maximumRows = 10_000
    /// The largest file, in bytes.
    package static let maximumBytes = 4 * 1024 * 1024
    /// The maximum length of a name, in Unicode scalars.
    package static let maximumNameScalars = 128
    /// How long a file is kept.
    package static let keptDays = 7

    /// When the file is deleted, unless it is running then.
    package var expiresOn: Timestamp { uploadedOn.advanced(by: .seconds(Self.keptDays * 86_400)) }

    package init(
        operatorIdentifier: OperatorIdentifier, number: Int, name: String?, action: ChargeAction,
        state: State, uploadedBy: String, uploadedOn: Timestamp, rows: Int, fileDigest: [UInt8],
        username: String, role: String, checkedRows: Int, decidedRows: Int, startedOn: Timestamp?,
        finishedOn: Timestamp?, pauseReason: PauseReason?, cancelledBy: String?, failure: DecisionFileFault?
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.number = number
        self.name = name
        self.action = action
        self.state = state
        self.uploadedBy = uploadedBy
        self.uploadedOn = uploadedOn
        self.rows = rows
        self.fileDigest = fileDigest
        self.username = username
        self.role = role
        self.checkedRows = checkedRows
        self.decidedRows = decidedRows
        self.startedOn = startedOn
        self.finishedOn = finishedOn
        self.pauseReason = pauseReason
        self.cancelledBy = cancelledBy
        self.failure = failure
    }
}

/// The login of a caller, as far as a file needs it: the calls of the file are made under it, and each call checks it as
/// a token of it would be checked.
package struct DecisionFileLogin: Hashable, Sendable {
    package var operatorIdentifier: OperatorIdentifier
    /// The user's name, or `key:NAME`.
    package var username: String
    /// The operator's token generation that the caller's token carries.
    package var operatorGeneration: Int
    /// The login's token generation that the caller's token carries.
    package var loginGeneration: Int

    package init(
        operatorIdentifier: OperatorIdentifier, username: String, operatorGeneration: Int,
        loginGeneration: Int
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.username = username
        self.operatorGeneration = operatorGeneration
        self.loginGeneration = loginGeneration
    }
}

/// The reason why a file cannot be read, as one line for a person.
package struct DecisionFileFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line of the file, counted from 1; `nil` for the file as a whole.
    package let line: Int?
    package let reason: String

    /// Whether the file is larger than files may be.
    package let isTooLarge: Bool

    package init(line: Int?, _ reason: String, isTooLarge: Bool = false) {
        self.line = line
        self.reason = reason
        self.isTooLarge = isTooLarge
    }

    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}

/// The Idempotency-Key of a call of a file.
package enum DecisionFileKey {
    /// The key of a call, by the file's number and its own, both from 1. The same rows always have the same key, so a
    /// call that is made again decides nothing twice.
    ///
    /// The spaces keep these keys apart from those of clients: no Idempotency-Key of a request has one.
    package static func text(file: Int, call: Int) -> ExactText { ExactText("file \(file) \(call)") }
}
