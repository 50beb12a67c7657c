import Charges

/// The state machine that chooses which calls are decided in one batch, and when: a value without threads, a database
/// or a clock.
///
/// While a batch is under way, calls wait; the next batch takes all of them, within its bounds. A call that comes when
/// nothing is under way begins at once. A second batch begins when the waiting calls are enough to make it large. A
/// further, small batch begins for operators that would have to wait for another operator's large ones. No charge and
/// no reference is in two batches at a time.
struct BatcherStateMachine: Sendable {
    private let configuration: BatcherConfiguration
    private var queue = TicketQueue()
    private var batchesUnderWay = 0
    /// The charges and references of the batches under way.
    private var held: Set<BatchKey> = []
    /// The number of charges under way, by operator.
    private var operatorsUnderWay: [OperatorIdentifier: Int] = [:]
    /// The operator of the last call, and the moment since which no other operator has called.
    private var caller: (operatorIdentifier: OperatorIdentifier, aloneSince: ContinuousClock.Instant)?

    init(_ configuration: BatcherConfiguration) {
        self.configuration = configuration
    }

    var waitingCount: Int { queue.count }

    /// The latest moment at which `expire` must be called; `nil` while no call waits.
    var earliestDeadline: ContinuousClock.Instant? { queue.earliestDeadline }

    /// Handles the arrival of a call.
    mutating func submit(_ ticket: BatchTicket, now: ContinuousClock.Instant) -> [BatchAction] {
        if ticket.deadline <= now { return [.refuse(ticket, .deadlinePassed)] }
        if caller?.operatorIdentifier != ticket.operatorIdentifier {
            caller = (ticket.operatorIdentifier, now)
        }
        guard queue.count(of: ticket.operatorIdentifier) < configuration.maximumWaitingPerOperator else {
            return [.refuse(ticket, .shareExceeded)]
        }
        guard queue.count < configuration.maximumWaiting else { return [.refuse(ticket, .queueFull)] }
        queue.append(ticket)
        return begin(now: now)
    }

    /// Handles the end of a batch, whether it succeeded or failed.
    mutating func ended(_ batch: [BatchTicket], now: ContinuousClock.Instant) -> [BatchAction] {
        batchesUnderWay -= 1
        for ticket in batch {
            held.subtract(ticket.keys)
            let left = operatorsUnderWay[ticket.operatorIdentifier, default: 0] - ticket.itemCount
            operatorsUnderWay[ticket.operatorIdentifier] = left > 0 ? left : nil
        }
        return begin(now: now)
    }

    /// Handles the passing of time: refuses the calls whose deadline has come.
    mutating func expire(now: ContinuousClock.Instant) -> [BatchAction] {
        queue.takeExpired(now: now).map { .refuse($0, .deadlinePassed) }
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
        let isLarge = queue.itemCount >= configuration.largeItems
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

    private mutating func takeBatch(_ kind: Kind, now: ContinuousClock.Instant) -> [BatchTicket] {
        let maximumCalls = configuration.maximumCalls
        let maximumItems = maximumItems(kind, now: now)
        let busy = kind == .any ? [:] : operatorsUnderWay
        var calls = 0
        var items = 0
        var isAcknowledging: Bool?
        return queue.take { ticket in
            guard
                calls == 0
                    || (calls < maximumCalls && items + ticket.itemCount <= maximumItems)
            else { return .stop }
            guard isAcknowledging == nil || isAcknowledging == ticket.isAcknowledging,
                busy[ticket.operatorIdentifier] == nil, !ticket.keys.contains(where: held.contains)
            else { return .passOver }
            calls += 1
            items += ticket.itemCount
            isAcknowledging = ticket.isAcknowledging
            held.formUnion(ticket.keys)
            operatorsUnderWay[ticket.operatorIdentifier, default: 0] += ticket.itemCount
            return .take
        }
    }
}

/// An action that `BatcherStateMachine` asks the batcher to perform.
enum BatchAction: Equatable, Sendable {
    /// Decide these calls in one batch, and then call `ended`.
    case run([BatchTicket])
    /// Refuse this call; nothing of it is applied.
    case refuse(BatchTicket, BatchRefusal)
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
