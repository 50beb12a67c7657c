import Charges
import Scheduling

/// The state machine that chooses which calls are decided in one batch, and when: a value without threads, a database
/// or a clock.
///
/// While a batch is under way, calls wait; the next batch takes all of them, within its bounds. A call that comes when
/// nothing is under way begins at once. A second batch begins when the waiting calls are enough to make it large. A
/// further, small batch begins for operators that would have to wait for another operator's large ones. No charge and
/// no reference is in two batches at a time. One that another session holds is in none for a while.
struct BatcherStateMachine: Sendable {
    private let configuration: BatcherConfiguration
    private var queue: FairQueue<QueuedCall>
    private var batchesUnderWay = 0
    /// The charges and references of the batches under way.
    private var held: Set<BatchKey> = []
    /// The number of charges under way, by operator.
    private var operatorsUnderWay: [OperatorIdentifier: Int] = [:]
    /// The operator of the last call, and the moment since which no other operator has called.
    private var caller: (operatorIdentifier: OperatorIdentifier, aloneSince: ContinuousClock.Instant)?
    private var lockedKeys: LockedKeys

    init(_ configuration: BatcherConfiguration) {
        self.configuration = configuration
        queue = FairQueue(
            maximumCount: configuration.maximumWaiting,
            maximumCountPerShare: configuration.maximumWaitingPerOperator)
        lockedKeys = LockedKeys(
            time: configuration.lockedKeyTime, maximumCount: configuration.maximumLockedKeys)
    }

    var waitingCount: Int { queue.count }

    /// The number of calls that wait for a batch of acknowledgements.
    var waitingAcknowledgements: Int { queue.count(where: \.isAcknowledging) }

    /// The moment at which `expire` must be called; `nil` while no call waits.
    var earliestDeadline: ContinuousClock.Instant? { queue.earliestDeadline }

    /// The items of a call that may not be in a batch now, because another session was found to hold them a moment ago.
    /// A call without them has its turn in the next batch; `submit` keeps out a whole call.
    mutating func lockedItems(_ items: [Int], of call: DecisionCall, now: ContinuousClock.Instant) -> [Int] {
        if lockedKeys.isEmpty(now: now) { return [] }
        return items.filter { item in
            var keys: [BatchKey] = []
            keys.append(keysOf: call.items[item], of: call.operatorIdentifier)
            return keys.contains { lockedKeys.contains($0, now: now) }
        }
    }

    /// Handles the arrival of a call.
    mutating func submit(_ call: QueuedCall, now: ContinuousClock.Instant) -> [BatchAction] {
        if call.deadline <= now { return [.refuse(call, .deadlinePassed)] }
        if caller?.operatorIdentifier != call.share { caller = (call.share, now) }
        let locked = lockedItems(call.items, of: call.call, now: now)
        if !locked.isEmpty { return [.keepOut(call, locked: locked)] }
        switch queue.append(call) {
        case .share: return [.refuse(call, .shareExceeded)]
        case .total: return [.refuse(call, .queueFull)]
        case nil: return begin(now: now)
        }
    }

    /// Handles the end of a batch, whether it succeeded or failed.
    ///
    /// - Parameter locked: The keys that made the batch wait for a lock in vain, as `keepOut` takes them.
    mutating func ended(_ batch: [QueuedCall], locked: [BatchKey] = [], now: ContinuousClock.Instant)
        -> [BatchAction]
    {
        batchesUnderWay -= 1
        for call in batch {
            held.subtract(call.keys)
            let left = operatorsUnderWay[call.share, default: 0] - call.weight
            operatorsUnderWay[call.share] = left > 0 ? left : nil
        }
        return keepOut(locked, now: now) + begin(now: now)
    }

    /// Handles that another session holds some keys for longer than a batch may wait: they stay out of batches for a
    /// while. The calls that wait for a batch with one of them go on without one.
    mutating func keepOut(_ keys: [BatchKey], now: ContinuousClock.Instant) -> [BatchAction] {
        guard !keys.isEmpty else { return [] }
        let forgotten = lockedKeys.insert(keys, now: now)
        let locked = Set(keys)
        var actions: [BatchAction] = forgotten > 0 ? [.reportForgottenKeys(forgotten)] : []
        for call in queue.removeAll(where: { $0.keys.contains(where: locked.contains) }) {
            actions.append(.keepOut(call, locked: lockedItems(call.items, of: call.call, now: now)))
        }
        return actions
    }

    /// Handles the passing of time: refuses the calls whose deadline has come.
    mutating func expire(now: ContinuousClock.Instant) -> [BatchAction] {
        queue.removeExpired(now: now).map { .refuse($0, .deadlinePassed) }
    }

    private mutating func begin(now: ContinuousClock.Instant) -> [BatchAction] {
        guard queue.count > 0, var kind = next else { return [] }
        var actions = expire(now: now)
        while true {
            let batch = takeBatch(kind, now: now)
            if batch.isEmpty { break }
            batchesUnderWay += 1
            actions.append(.run(batch))
            guard let following = next else { break }
            kind = following
        }
        return actions
    }

    private enum Kind {
        /// A batch of any calls that wait.
        case any
        /// A small batch of operators that have nothing under way.
        case spared
    }

    /// The kind of batch that may begin now; `nil` if none may.
    private var next: Kind? {
        let isLarge = queue.weight >= configuration.largeItems
        if batchesUnderWay == 0 || (batchesUnderWay < configuration.maximumBatchesUnderWay && isLarge) {
            return .any
        }
        let itemsUnderWay = operatorsUnderWay.values.reduce(0, +)
        guard configuration.sparesOne, batchesUnderWay <= configuration.maximumBatchesUnderWay,
            itemsUnderWay >= configuration.largeItems
        else { return nil }
        return .spared
    }

    /// The most charges that a batch beginning now may take.
    private func maximumItems(_ kind: Kind, now: ContinuousClock.Instant) -> Int {
        if kind == .spared { return configuration.largeItems }
        if let caller, now - caller.aloneSince >= configuration.aloneAfter {
            return configuration.maximumItems
        }
        return min(configuration.maximumItems, configuration.maximumItemsBesideOthers)
    }

    private mutating func takeBatch(_ kind: Kind, now: ContinuousClock.Instant) -> [QueuedCall] {
        let maximumCalls = configuration.maximumCalls
        let maximumItems = maximumItems(kind, now: now)
        let busy = kind == .any ? [:] : operatorsUnderWay
        var calls = 0
        var items = 0
        var isAcknowledging: Bool?
        return queue.take { call in
            guard calls == 0 || (calls < maximumCalls && items + call.weight <= maximumItems) else {
                return .stop
            }
            guard isAcknowledging == nil || isAcknowledging == call.isAcknowledging,
                busy[call.share] == nil, !call.keys.contains(where: held.contains)
            else { return .passOver }
            calls += 1
            items += call.weight
            isAcknowledging = call.isAcknowledging
            held.formUnion(call.keys)
            operatorsUnderWay[call.share, default: 0] += call.weight
            return .take
        }
    }
}

/// An action that `BatcherStateMachine` asks the batcher to perform.
enum BatchAction: Equatable, Sendable {
    /// Decide these calls in one batch, and then call `ended`.
    case run([QueuedCall])
    /// Refuse this call; nothing of it is applied.
    case refuse(QueuedCall, BatchRefusal)
    /// Have this call decided without a batch, because another session holds some of its items: those with the indices
    /// `locked` in its `DecisionCall`.
    case keepOut(QueuedCall, locked: [Int])
    /// Report that so many locked keys may be in batches again before their time, because there are too many.
    case reportForgottenKeys(Int)
}

/// The reason for which a call is refused.
enum BatchRefusal: Equatable, Sendable {
    /// The queue holds as many calls as it may.
    case queueFull
    /// The queue holds as many calls of this operator as it may.
    case shareExceeded
    /// The call's deadline came before its turn.
    case deadlinePassed
}

extension BatchRefusal {
    /// The answer to the caller of a refused call. Nothing was applied.
    var requestFailure: RequestFailure {
        switch self {
        case .shareExceeded: .operatorBeyondShare
        case .queueFull, .deadlinePassed: .serviceUnavailable
        }
    }
}
