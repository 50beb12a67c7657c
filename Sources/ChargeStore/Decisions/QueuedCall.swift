import Charges
import Scheduling

/// A call on its way to the database: some items of a `DecisionCall`, the time that is left for them, and the caller
/// that waits for their verdicts. The items of a batch refer to it, so that each of them costs no more to pass on than
/// a reference.
final class QueuedCall: QueueElement {
    typealias Caller = CheckedContinuation<Result<[DecisionVerdict?], DecisionFailure>, Never>

    let identifier: UInt64
    let call: DecisionCall
    /// The indices of the items to decide, at least one.
    let items: [Int]
    let budget: DeadlineBudget
    /// The moment from which the call has waited for a batch.
    let arrived = ContinuousClock.now
    /// The server's clock as the node knew it when the call began; `nil` if the node had not read it yet.
    ///
    /// The deadline is converted by this clock, however long the call waits. On a machine that stood still meanwhile
    /// the node's clock stood still too, and by a clock that was read afterwards the call would have time left.
    let clock: ServerClock?
    /// The keys of the items' charges and references, which no other batch may touch meanwhile.
    let keys: [BatchKey]
    private let caller: Caller?

    /// - Parameters:
    ///   - identifier: The call's number among those that the batcher was given, in the order of arrival.
    ///   - caller: The caller that `answer` resumes; `nil` if none waits.
    init(
        _ call: DecisionCall, items: [Int], budget: DeadlineBudget, clock: ServerClock?,
        identifier: UInt64 = 0,
        caller: Caller? = nil
    ) {
        self.identifier = identifier
        self.call = call
        self.items = items
        self.budget = budget
        self.clock = clock
        self.caller = caller
        var keys: [BatchKey] = []
        keys.reserveCapacity(2 * items.count)
        for item in items { keys.append(keysOf: call.items[item], of: call.operatorIdentifier) }
        self.keys = keys
    }

    var share: OperatorIdentifier { call.operatorIdentifier }
    /// The moment after which nothing of the call is applied.
    var deadline: ContinuousClock.Instant { budget.workEnds }
    /// The number of charges to decide.
    var weight: Int { items.count }
    /// Whether the call acknowledges. Acknowledgements are decided by a statement of their own, and so in batches of
    /// their own.
    var isAcknowledging: Bool { call.action == .acknowledge }

    /// Gives the caller the verdicts of the items, in order, or the failure of the call. It is called once.
    func answer(_ result: Result<[DecisionVerdict?], DecisionFailure>) {
        caller?.resume(returning: result)
    }
}

extension QueuedCall: Equatable {
    /// Whether the two are the same call of one batcher.
    static func == (one: QueuedCall, other: QueuedCall) -> Bool { one.identifier == other.identifier }
}

/// The key of a charge or a reference, which two batches under way may not share: they would wait for each other.
///
/// Keys are compared by their hashes, which is quick. Two keys with the same hash are not decided at the same time, and
/// nothing is lost by that.
struct BatchKey: Hashable, Sendable {
    private let hash: Int

    init(charge: ExactText, of operatorIdentifier: OperatorIdentifier) {
        self.init(charge, operatorIdentifier, isReference: false)
    }

    init(reference: ExactText, of operatorIdentifier: OperatorIdentifier) {
        self.init(reference, operatorIdentifier, isReference: true)
    }

    private init(_ text: ExactText, _ operatorIdentifier: OperatorIdentifier, isReference: Bool) {
        var hasher = Hasher()
        hasher.combine(operatorIdentifier.value)
        hasher.combine(isReference)
        hasher.combine(text)
        hash = hasher.finalize()
    }
}

extension [BatchKey] {
    /// Appends the keys of an item: its charge's, and its reference number's if it has one.
    mutating func append(keysOf item: DecisionItem, of operatorIdentifier: OperatorIdentifier) {
        append(BatchKey(charge: item.number, of: operatorIdentifier))
        if let reference = item.referenceNumber {
            append(BatchKey(reference: reference, of: operatorIdentifier))
        }
    }
}
