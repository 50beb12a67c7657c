import Charges
import LibPQ

/// What one decision transaction is asked to do: the items of one call or of several, under an id of its own.
struct DecisionBatch: Sendable {
    /// The transaction's own id, by which its outcome can be settled if the answer to its COMMIT is lost.
    let identifier: PostgresUUID
    /// Until when to wait for what others hold; `nil` passes over it.
    let lockWaitEnds: ContinuousClock.Instant?
    let items: [Entry]
    /// When the statement must have ended: the first of the items' deadlines.
    let deadline: ContinuousClock.Instant

    /// One item with all that the database needs to judge it.
    struct Entry: Sendable {
        let call: DecisionCall
        let item: DecisionItem
        /// Nothing is applied after it. It leaves time before the call's own to settle a lost commit.
        let deadline: ContinuousClock.Instant

        var operatorIdentifier: OperatorIdentifier { call.operatorIdentifier }
    }

    /// - Parameter items: At least one.
    init(_ items: [Entry], lockWaitEnds: ContinuousClock.Instant? = nil) {
        identifier = .timeOrdered(millisecondsSince1970: WallClock.millisecondsSince1970)
        self.lockWaitEnds = lockWaitEnds
        self.items = items
        deadline = items.map(\.deadline).min() ?? .now
    }

    /// A batch of some of one call's items.
    init(
        _ call: DecisionCall, items indices: [Int], lockWaitEnds: ContinuousClock.Instant?,
        deadline: ContinuousClock.Instant
    ) {
        self.init(
            indices.map { Entry(call: call, item: call.items[$0], deadline: deadline) },
            lockWaitEnds: lockWaitEnds)
    }

    /// The lock wait as `countersign.decide` takes it, counted from now: 0 passes over what is held.
    var lockWaitMilliseconds: Int {
        lockWaitEnds.map { max(1, ($0 - .now).milliseconds) } ?? 0
    }
}
