/// The promises that a journal is checked for. The raw values are stable: outputs, results and controls name them.
///
/// Each says what breaks it. `docs/deciding.md` says why the product keeps them.
package enum Invariant: String, CaseIterable, Sendable {
    // What an answer promises

    /// What was answered OK is not in the final state: no such decision, outcome, acknowledgement or charge.
    case okNotKept = "ok-not-kept"
    /// A call was answered that nothing was applied, or that the item failed, and yet it was applied.
    case notAppliedButIs = "not-applied-but-is"
    /// A decision has more rows than calls that can have made it, or follows one of the same kind by the operator.
    case decidedTwice = "decided-twice"
    /// A decision, outcome or acknowledgement that no call in the journal asked for.
    case decidedByNoCall = "decided-by-no-call"
    /// A call had its effect after its deadline.
    case appliedLate = "applied-late"
    /// Something is there in part: charge, history and reference do not say the same.
    case halfApplied = "half-applied"

    // Charges

    /// A reference number names two charges of an operator.
    case referenceNamesTwo = "reference-names-two"
    /// A charge that the provider had processed or taken was changed.
    case processedChanged = "processed-changed"
    /// The revisions of a charge are not in the order in which their calls were made, or one is missing.
    case revisionOrder = "revision-order"
    /// One `provider_charge_id` has two charges.
    case chargeTwice = "charge-twice"

    // Answers

    /// An answer gives a code that no state of the charge within the call's interval could give.
    case impossibleCode = "impossible-code"
    /// A read shows a state that was over, as an earlier answer had shown, before the read was sent.
    case staleRead = "stale-read"
    /// A read shows a state that never was, or not yet.
    case impossibleRead = "impossible-read"
    /// An answer rests on something that a later failover lost.
    case answerLostByFailover = "answer-lost-by-failover"

    // The feed

    /// A decision is not in the feed, or a row that a reader was given is not, or a reader was given less than is there.
    case feedLost = "feed-lost"
    /// A decision is in the feed, or in a page of it, twice.
    case feedTwice = "feed-twice"
    /// The feed, or a page of it, is not in the order of the positions and revisions.
    case feedOrder = "feed-order"
    /// The feed says what no decision says.
    case feedFalse = "feed-false"

    // Statements

    /// A decision, outcome or acknowledgement is in no statement.
    case statementLost = "statement-lost"
    /// A decision, outcome or acknowledgement is in the statements twice.
    case statementTwice = "statement-twice"
    /// The statements or their events are not numbered 1, 2, 3 …, or the events of a charge are out of their order.
    case statementOrder = "statement-order"
    /// A statement says what never happened.
    case statementFalse = "statement-false"

    // Decision files

    /// A decision of a file's row is in the history twice, or is there though no row says so.
    case fileDecidedTwice = "file-decided-twice"
    /// A row of a file says of its decision what the history does not.
    case fileResultFalse = "file-result-false"
    /// A file that was started neither ends nor is paused with a reason, or has ended with rows that have no outcome.
    case fileNotEnded = "file-not-ended"

    // Access and liveness

    /// A call with a token that had ended more than a second ago was served.
    case endedTokenDecides = "ended-token-decides"
    /// A call of an operator that had been suspended for more than a second was served.
    case suspendedOperatorDecides = "suspended-operator-decides"
    /// No call succeeded for 30 s, though a majority was healthy and clients called.
    case noProgress = "no-progress"
}
