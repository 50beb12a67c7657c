import Charges

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
    mutating func record(_ finding: OutcomeSettlement.Finding, for items: [Int]) {
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
