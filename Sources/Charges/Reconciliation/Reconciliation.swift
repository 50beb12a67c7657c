/// A comparison of an operator's file with what the service holds.
package struct Reconciliation: Sendable {
    package var operatorIdentifier: OperatorIdentifier
    /// The reconciliation's number, from 1, among those of its operator.
    package var number: Int
    package var state: State
    /// The decisions that count here were made at this time or later,
    package var beginsOn: Timestamp
    /// and before this one.
    package var endsOn: Timestamp
    package var decision: ReconciledDecision
    package var name: String?
    /// The user, or `key:NAME`, that began it; `nil` for the command line.
    package var username: String?
    package var createdOn: Timestamp
    /// The end of the upload. The comparison takes what was true here then; `nil` before it.
    package var asOf: Timestamp?
    /// When it was `done` or `failed`.
    package var finishedOn: Timestamp?
    /// The number of the file's rows, without its header, that have come in so far.
    package var rows: Int64
    /// The number of the file's bytes that have come in so far.
    package var bytes: Int64
    /// The file's SHA-256; `nil` before the end of the upload.
    package var fileDigest: [UInt8]?
    /// The number of the file's rows that have been compared so far.
    package var comparedRows: Int64
    /// The number of differences, kept or not.
    package var differences: Int64
    /// The number of differences that are kept, each with its values: the first 100,000.
    package var keptDifferences: Int64
    /// The number of differences that have been closed.
    package var closedDifferences: Int64
    /// The reason of a failure; `nil` for every other state.
    package var failure: ReconciliationFileFault?

    /// The state of a reconciliation. The raw values are those of the API.
    package enum State: String, Sendable, CaseIterable {
        case receiving = "RECEIVING"
        case waiting = "WAITING"
        case comparing = "COMPARING"
        case done = "DONE"
        case failed = "FAILED"
    }

    /// Whether there were more differences than are kept.
    package var isTruncated: Bool { differences > keptDifferences }

    package init(
        operatorIdentifier: OperatorIdentifier, number: Int, state: State, beginsOn: Timestamp,
        endsOn: Timestamp,
        decision: ReconciledDecision, name: String?, username: String?, createdOn: Timestamp,
        asOf: Timestamp?,
        finishedOn: Timestamp?, rows: Int64, bytes: Int64, fileDigest: [UInt8]?, comparedRows: Int64,
        differences: Int64, keptDifferences: Int64, closedDifferences: Int64,
        failure: ReconciliationFileFault?
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.number = number
        self.state = state
        self.beginsOn = beginsOn
        self.endsOn = endsOn
        self.decision = decision
        self.name = name
        self.username = username
        self.createdOn = createdOn
        self.asOf = asOf
        self.finishedOn = finishedOn
        self.rows = rows
        self.bytes = bytes
        self.fileDigest = fileDigest
        self.comparedRows = comparedRows
        self.differences = differences
        self.keptDifferences = keptDifferences
        self.closedDifferences = closedDifferences
        self.failure = failure
    }
}

/// The decisions of the charges that a reconciliation counts here. The raw values are those of the API.
package enum ReconciledDecision: String, Sendable, CaseIterable {
    case accepted = "ACCEPTED"
    case declined = "DECLINED"
    case any = "ANY"
}

/// What a reconciliation is to compare.
package struct ReconciliationParameters: Equatable, Sendable {
    /// The form of the file.
    package enum Format: String, Sendable, CaseIterable {
        case csv, ndjson
    }

    /// The maximum length of a name, in Unicode scalars.
    package static let maximumNameScalars = 128

    package var format: Format
    /// The first local time of the period, in the operator's zone; a date is its first moment.
    package var from: Timestamp
    /// The first local time after the period, in the operator's zone.
    package var to: Timestamp
    package var decision: ReconciledDecision
    /// A name for people.
    package var name: String?
    /// The number of the operator's closed statement whose period counts in the place of `from` and `to`.
    package var statement: Int?

    package init(
        format: Format, from: Timestamp, to: Timestamp, decision: ReconciledDecision = .accepted,
        name: String? = nil, statement: Int? = nil
    ) {
        self.statement = statement
        self.format = format
        self.from = from
        self.to = to
        self.decision = decision
        self.name = name
    }
}

/// The reason why a file cannot be compared, as one line for a person.
package struct ReconciliationFileFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line of the file, counted from 1; `nil` for the file as a whole.
    package let line: Int?
    package let reason: String

    package init(line: Int?, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}
