import Charges
import LibPQ

/// How far a call has come: what is known of each of its items. A value without a clock or a database.
struct DecisionProgress: Sendable {
    /// By item; `nil` while it is open.
    private var known: [ItemOutcome?]
    /// Whether something of the call has been committed, so that "nothing was applied" is no longer true.
    private(set) var somethingCommitted = false

    /// - Parameter settled: What needs no database, by item.
    init(settled: [ItemFailure?]) {
        known = settled.map { $0.map(ItemOutcome.failed) }
    }

    /// The items that the database must still judge, by index.
    var open: [Int] { known.indices.filter { known[$0] == nil } }

    /// Every item's outcome; what is still open counts as locked, since nothing was done for it.
    var outcomes: [ItemOutcome] { known.map { $0 ?? .failed(ItemFailure(.chargeLocked)) } }

    /// Takes the verdicts of a batch of the given items.
    mutating func record(_ verdicts: [DecisionVerdict], for items: [Int]) {
        for (item, verdict) in zip(items, verdicts) { record(verdict, for: item) }
    }

    /// Takes the verdict of one item.
    mutating func record(_ verdict: DecisionVerdict, for item: Int) {
        guard case .outcome(let outcome) = verdict else { return }
        known[item] = outcome
        if case .decided = outcome { somethingCommitted = true }
    }

    /// Takes what was found out about a batch of the given items whose COMMIT got no answer. What it did not
    /// decide stays open: why, is for another batch to say.
    mutating func record(_ finding: InDoubtCommit.Finding, for items: [Int]) {
        guard case .committed(let decisions) = finding else { return }
        for (index, made) in decisions {
            known[items[index]] = .decided(made)
            somethingCommitted = true
        }
    }

    /// Opens the items that were passed over because somebody else held them.
    ///
    /// - Returns: Whether there are any.
    mutating func reopenLocked() -> Bool {
        var any = false
        for (index, outcome) in known.enumerated() {
            guard case .failed(let failure) = outcome, failure.code == .chargeLocked else { continue }
            known[index] = nil
            any = true
        }
        return any
    }
}

/// What the database says of one item of a batch.
enum DecisionVerdict: Equatable, Sendable {
    case outcome(ItemOutcome)
    /// The call's deadline has passed by the server's clock; nothing was done.
    case deadlinePassed
    /// It was judged by rows of which nobody can say whether a standby has them; nothing was done.
    case notReplicated

    /// Whether another try would change nothing: the item was neither held by somebody else nor too late.
    var isFinal: Bool {
        switch self {
        case .outcome(.failed(let failure)): failure.code != .chargeLocked
        case .outcome: true
        case .deadlinePassed, .notReplicated: false
        }
    }
}

extension DecisionVerdict {
    /// Reads the columns outcome, decided_on, revision, standing_status, standing_reference_number and other_number,
    /// which `countersign.decide` and `countersign.explain_refusal` give alike.
    ///
    /// - Returns: `nil` where the outcome is NULL: nothing stands in the way.
    init?(reading row: inout RowReader) throws(PostgresError) {
        let outcome = try row.next(String?.self)
        let decidedOn = try row.next(Int64?.self)
        let revision = try row.next(Int32?.self)
        let standing = ItemFailure.Standing(
            status: try row.next(String?.self), referenceNumber: try row.next(String?.self),
            otherNumber: try row.next(String?.self))
        switch outcome {
        case nil: return nil
        case "DECIDED", "REPEATED", "STANDING":
            self = .outcome(.decided(DecisionMade(microseconds: decidedOn ?? 0, historyRevision: revision)))
        case "DEADLINE_PASSED": self = .deadlinePassed
        case let outcome?:
            guard let code = ItemFailureCode(rawValue: outcome) else {
                throw .decoding("the database gave an unknown outcome")
            }
            self = .outcome(.failed(ItemFailure(code, standing: standing)))
        }
    }
}

extension DecisionMade {
    /// As the history has it: in microseconds since 2000-01-01 UTC, and with revision 0 for an acknowledgement, which
    /// is no decision.
    init(microseconds: Int64, historyRevision: Int32?) {
        self.init(
            decidedOn: Timestamp(microsecondsSince2000: microseconds),
            revision: historyRevision == 0 ? nil : historyRevision.map(Int.init))
    }
}
