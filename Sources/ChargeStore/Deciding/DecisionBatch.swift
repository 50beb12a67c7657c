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
        let asked: AskedCall
        /// Which of the call's items.
        let index: Int

        var operatorIdentifier: OperatorIdentifier { asked.call.operatorIdentifier }
        var action: ChargeAction { asked.call.action }
        var number: ExactText { asked.call.items[index].number }
        var customer: ExactText { asked.call.items[index].billingSystemCustomerIdentifier }
        var referenceNumber: ExactText? { asked.call.items[index].referenceNumber }
    }

    /// - Parameter items: At least one.
    init(_ items: [Entry], lockWaitEnds: ContinuousClock.Instant? = nil) {
        identifier = .timeOrdered(millisecondsSince1970: WallClock.millisecondsSince1970)
        self.lockWaitEnds = lockWaitEnds
        self.items = items
        deadline = items.map(\.asked.deadline).min() ?? .now
    }

    /// The lock wait as `countersign.decide` takes it, counted from now: 0 passes over what is held.
    var lockWaitMilliseconds: Int {
        lockWaitEnds.map { max(1, ($0 - .now).milliseconds) } ?? 0
    }
}
