import Charges
import LibPQ

/// The progress of a call: what is known of each of its items. A value without a clock or a database.
struct DecisionProgress: Sendable {
    /// Each item's outcome, in order; `nil` while the item is open.
    private var known: [ItemOutcome?]
    /// Whether an item of the call has been committed, so that "nothing was applied" is no longer true.
    private(set) var somethingCommitted = false

    /// - Parameter preflight: What was found without the database.
    init(_ preflight: DecisionPreflight) {
        known = preflight.failures.map { $0.map(ItemOutcome.failed) }
    }

    /// The indices of the items that the database must still decide.
    var open: [Int] { known.indices.filter { known[$0] == nil } }

    /// Every item's outcome. An item that is still open counts as locked, since nothing was done for it.
    var outcomes: [ItemOutcome] { known.map { $0 ?? .failed(ItemFailure(.chargeLocked)) } }

    /// Records the verdicts of a batch of the given items.
    mutating func record(_ verdicts: [DecisionVerdict], for items: [Int]) {
        for (item, verdict) in zip(items, verdicts) { record(verdict, for: item) }
    }

    /// Records the verdict of one item.
    mutating func record(_ verdict: DecisionVerdict, for item: Int) {
        guard case .outcome(let outcome) = verdict else { return }
        known[item] = outcome
        if case .decided = outcome { somethingCommitted = true }
    }

    /// Records the resolution of an in-doubt commit of the given items. The items that it did not decide stay open:
    /// another batch explains why.
    mutating func record(_ resolution: InDoubtCommit.Resolution, for items: [Int]) {
        guard case .committed(let decisions) = resolution else { return }
        for (index, made) in decisions {
            known[items[index]] = .decided(made)
            somethingCommitted = true
        }
    }

    /// The indices of the items that another session was found to hold.
    var locked: [Int] {
        known.indices.filter { index in
            if case .failed(let failure) = known[index] { failure.code == .chargeLocked } else { false }
        }
    }

    /// Opens the items that another session was found to hold.
    ///
    /// - Returns: Whether there are any.
    mutating func reopenLocked() -> Bool {
        let locked = locked
        for index in locked { known[index] = nil }
        return !locked.isEmpty
    }
}

/// The database's verdict on one item of a batch.
enum DecisionVerdict: Equatable, Sendable {
    case outcome(ItemOutcome)
    /// The call's deadline has passed by the server's clock; nothing was applied.
    case deadlinePassed
    /// The refusal rests on rows that may not be on a standby; nothing was applied.
    case notReplicated

    /// Another session holds the item's charge or its reference number.
    static let locked = DecisionVerdict.outcome(.failed(ItemFailure(.chargeLocked)))

    /// Whether another session holds the item, whatever else is said of it.
    var isLocked: Bool {
        if case .outcome(.failed(let failure)) = self { failure.code == .chargeLocked } else { false }
    }

    /// Whether another try would give the same verdict: the item was neither locked nor too late.
    var isFinal: Bool {
        switch self {
        case .outcome: !isLocked
        case .deadlinePassed, .notReplicated: false
        }
    }
}

/// The columns outcome, decided_on, revision, current_status, current_reference_number and other_number of an item, which
/// `countersign.decide`, `countersign.explain_refusal` and `countersign.expected_outcomes` return alike.
struct OutcomeRow {
    /// The outcome; `nil` if nothing stands in the way of the item.
    let outcome: String?
    private let decidedOn: Timestamp?
    private let historyRevision: Int?
    private let conflict: ItemFailure.Conflict

    init(reading row: inout RowReader) throws(PostgresError) {
        outcome = try row.next()
        decidedOn = try row.next()
        historyRevision = try row.next()
        conflict = ItemFailure.Conflict(
            status: try row.next(), referenceNumber: try row.next(), otherNumber: try row.next())
    }

    /// The decision of an item that was decided.
    var made: DecisionMade {
        DecisionMade(
            decidedOn: decidedOn ?? Timestamp(microsecondsSince2000: 0), historyRevision: historyRevision)
    }

    /// The failure of an item whose outcome is the code of one.
    func failure() throws(PostgresError) -> ItemFailure {
        guard let code = outcome.flatMap(ItemFailureCode.init(rawValue:)) else {
            throw .decoding("the database gave an unknown outcome")
        }
        return ItemFailure(code, conflict: conflict)
    }
}

extension DecisionVerdict {
    /// Reads an item's columns, as `OutcomeRow` has them.
    ///
    /// - Returns: `nil` where the outcome is NULL: nothing stands in the way of the item.
    init?(reading row: inout RowReader) throws(PostgresError) {
        let row = try OutcomeRow(reading: &row)
        switch row.outcome {
        case nil: return nil
        case "DECIDED", "REPEATED", "UNCHANGED": self = .outcome(.decided(row.made))
        case "DEADLINE_PASSED": self = .deadlinePassed
        default: self = .outcome(.failed(try row.failure()))
        }
    }
}

extension DecisionMade {
    /// Makes a decision from the history's columns.
    ///
    /// - Parameter historyRevision: The revision; 0 for an acknowledgement, which is no decision and has none.
    init(decidedOn: Timestamp, historyRevision: Int?) {
        self.init(decidedOn: decidedOn, revision: historyRevision == 0 ? nil : historyRevision)
    }
}

extension RowReader {
    /// Reads the history's columns made_on and revision.
    mutating func nextDecisionMade() throws(PostgresError) -> DecisionMade {
        DecisionMade(decidedOn: try next(), historyRevision: try next())
    }
}
