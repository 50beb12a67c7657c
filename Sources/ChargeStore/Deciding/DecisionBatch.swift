import Charges
import LibPQ

/// What one decision transaction is asked to do: the items of one call or of several, under an id of its own.
struct DecisionBatch: Sendable {
    /// The transaction's own id, by which its outcome can be settled if the answer to its COMMIT is lost.
    let identifier = PostgresUUID.random()
    /// Until when to wait for what others hold; `nil` passes over it.
    let lockWaitEnds: ContinuousClock.Instant?
    let items: [Entry]

    /// One item with all that the database needs to judge it.
    struct Entry: Sendable {
        let operatorIdentifier: OperatorIdentifier
        let username: String
        let idempotencyKey: ExactText?
        let action: ChargeAction
        let repeatsSucceed: Bool
        let item: DecisionItem
        /// Nothing is applied after it.
        let deadline: ContinuousClock.Instant
    }

    /// The lock wait as `countersign.decide` takes it, counted from now: 0 passes over what is held.
    var lockWaitMilliseconds: Int {
        lockWaitEnds.map { max(1, $0.millisecondsFromNow) } ?? 0
    }

    /// A batch of some of one call's items.
    ///
    /// - Parameters:
    ///   - indices: Which items of the call, by index.
    ///   - deadline: Nothing is applied after it; it leaves time before the call's own to settle a lost commit.
    init(
        _ call: DecisionCall, items indices: [Int], lockWaitEnds: ContinuousClock.Instant?,
        deadline: ContinuousClock.Instant
    ) {
        self.lockWaitEnds = lockWaitEnds
        items = indices.map { index in
            Entry(
                operatorIdentifier: call.operatorIdentifier, username: call.username,
                idempotencyKey: call.idempotencyKey, action: call.action, repeatsSucceed: call.repeatsSucceed,
                item: call.items[index], deadline: deadline)
        }
    }
}
