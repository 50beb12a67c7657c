import Charges
import LibPQ

/// The input of one decision transaction: the items of one call or of several, under a batch id.
struct DecisionBatch: Sendable {
    /// The batch id, by which the outcome can be resolved if the answer to the COMMIT is lost.
    let identifier: PostgresUUID
    let calls: [QueuedCall]
    let items: [Item]
    /// The place of each item's verdict among those of its call; empty if the items are those of one call, in order.
    private let places: [(call: Int, item: Int)]
    /// The moment until which the transaction waits for locks that others hold; `nil` passes over locked items.
    let lockWaitEnds: ContinuousClock.Instant?
    /// The moment by which the statement must have ended: the first of the calls' deadlines.
    let deadline: ContinuousClock.Instant
    /// The server's clock as the batch's connection knows it, for calls that began before the node had first read it.
    private(set) var clock: ServerClock?

    /// One item, with all that the database needs to decide it.
    struct Item: Sendable {
        let queued: QueuedCall
        /// The item's index in its `DecisionCall`.
        let index: Int

        var operatorIdentifier: OperatorIdentifier { queued.call.operatorIdentifier }
        var action: ChargeAction { queued.call.action }
        var number: ExactText { queued.call.items[index].number }
        var customer: ExactText { queued.call.items[index].billingSystemCustomerIdentifier }
        var referenceNumber: ExactText? { queued.call.items[index].referenceNumber }
    }

    /// Makes a batch of several calls' items, in the order of their keys. No charge may be in them twice.
    init(_ calls: [QueuedCall]) {
        var keys: [(operatorIdentifier: OperatorIdentifier, number: ExactText, call: Int, item: Int)] = []
        keys.reserveCapacity(calls.reduce(0) { $0 + $1.items.count })
        for (call, queued) in calls.enumerated() {
            for (item, index) in queued.items.enumerated() {
                keys.append((queued.call.operatorIdentifier, queued.call.items[index].number, call, item))
            }
        }
        keys.sort { ($0.operatorIdentifier, $0.number) < ($1.operatorIdentifier, $1.number) }
        places = keys.map { ($0.call, $0.item) }
        items = places.map { Item(queued: calls[$0.call], index: calls[$0.call].items[$0.item]) }
        self.calls = calls
        identifier = .timeOrdered(millisecondsSince1970: WallClock.millisecondsSince1970)
        lockWaitEnds = nil
        deadline = calls.lazy.map(\.deadline).min() ?? .now
    }

    /// Makes a batch of one call's items, in their order.
    init(_ call: QueuedCall, lockWaitEnds: ContinuousClock.Instant?) {
        identifier = .timeOrdered(millisecondsSince1970: WallClock.millisecondsSince1970)
        calls = [call]
        items = call.items.map { Item(queued: call, index: $0) }
        places = []
        self.lockWaitEnds = lockWaitEnds
        deadline = call.deadline
    }

    /// The batch with a clock for the calls that have none.
    func timed(by clock: ServerClock) -> DecisionBatch {
        var batch = self
        batch.clock = clock
        return batch
    }

    /// The verdicts of the batch's items, grouped by call, in the order in which each call gave its items.
    func byCall(_ verdicts: [DecisionVerdict?]) -> [[DecisionVerdict?]] {
        guard !places.isEmpty else { return [verdicts] }
        var found = calls.map { [DecisionVerdict?](repeating: nil, count: $0.items.count) }
        for (place, verdict) in zip(places, verdicts) { found[place.call][place.item] = verdict }
        return found
    }

    /// The keys of the items that other sessions hold by these verdicts, which are in the order of the items.
    func lockedKeys(_ verdicts: [DecisionVerdict]) -> [BatchKey] {
        var keys: [BatchKey] = []
        for (item, verdict) in zip(items, verdicts) where verdict.isLocked {
            keys.append(keysOf: item.queued.call.items[item.index], of: item.operatorIdentifier)
        }
        return keys
    }

    /// The deadlines of the items, as times of the server's clock.
    var deadlines: [Timestamp] {
        items.map { item in
            // A call without any clock counts as past its deadline.
            (item.queued.clock ?? clock)?.time(at: item.queued.deadline)
                ?? Timestamp(microsecondsSince2000: 0)
        }
    }

    /// The lock wait that `countersign.decide` takes, in milliseconds from now; 0 passes over locked items.
    var lockWaitMilliseconds: Int32 {
        lockWaitEnds.map { Int32(clamping: max(1, ($0 - .now).milliseconds)) } ?? 0
    }
}

/// The columns of a batch, one array each, in the order of the items.
extension [DecisionBatch.Item] {
    var operatorIdentifiers: [OperatorIdentifier] { map(\.operatorIdentifier) }
    var usernames: [String] { map(\.queued.call.username) }
    var idempotencyKeys: [ExactText?] { map(\.queued.call.idempotencyKey) }
    var actions: [ChargeAction] { map(\.action) }
    var numbers: [ExactText] { map(\.number) }
    /// The customers; NULL where the identifier that was given is not well-formed, so that no customer can have it.
    var customers: [ExactText?] { map { DecisionItem.isWellFormed($0.customer) ? $0.customer : nil } }
    var referenceNumbers: [ExactText?] { map(\.referenceNumber) }
    var repeatsSucceed: [Bool] { map(\.queued.call.repeatsSucceed) }
}
