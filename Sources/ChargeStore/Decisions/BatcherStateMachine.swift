import Charges

/// Which calls are decided together, and when: a value without threads, a database or a clock.
///
/// While a transaction is under way, calls batch; the next one takes them all, within its bounds. A call that comes
/// when nothing is under way goes at once. A second transaction begins when so much waits that it is worth one, and a
/// further, small one for operators that would have to wait for another's large ones. No charge and no reference is in
/// two transactions at a time.
struct BatcherStateMachine: Sendable {
    private let configuration: BatcherConfiguration
    private var queue = TicketQueue()
    private var batchesUnderWay = 0
    /// What the transactions under way touch.
    private var held: Set<BatchKey> = []
    /// How many charges of each operator are in them.
    private var operatorsUnderWay: [OperatorIdentifier: Int] = [:]
    /// Who called last, and since when nobody else has.
    private var caller: (operatorIdentifier: OperatorIdentifier, aloneSince: ContinuousClock.Instant)?

    init(_ configuration: BatcherConfiguration) {
        self.configuration = configuration
    }

    /// How many calls wait.
    var waitingCount: Int { queue.count }

    /// When `expire` is to be called, at the latest.
    var earliestDeadline: ContinuousClock.Instant? { queue.earliestDeadline }

    /// A call comes.
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

    /// A transaction has ended, however it did.
    mutating func ended(_ batch: [BatchTicket], now: ContinuousClock.Instant) -> [BatchAction] {
        batchesUnderWay -= 1
        for ticket in batch {
            held.subtract(ticket.keys)
            let left = operatorsUnderWay[ticket.operatorIdentifier, default: 0] - ticket.itemCount
            operatorsUnderWay[ticket.operatorIdentifier] = left > 0 ? left : nil
        }
        return begin(now: now)
    }

    /// Time has passed.
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
        /// Of whatever waits.
        case any
        /// A small one, of operators that have nothing under way.
        case spared
    }

    /// What may begin now.
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

    /// How many charges a transaction that begins now may take.
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

/// What is to be done, as `BatcherStateMachine` says.
enum BatchAction: Equatable, Sendable {
    /// Decide these calls together, and then say `ended`.
    case run([BatchTicket])
    /// Nothing will be done for this call.
    case refuse(BatchTicket, BatchRefusal)
}

/// Why nothing is done for a call.
enum BatchRefusal: Equatable, Sendable {
    /// As many calls wait as may.
    case queueFull
    /// As many calls of this operator wait as may.
    case shareExceeded
    /// Its turn did not come in time.
    case deadlinePassed
}

/// What two calls that are decided at the same time may not share: they would wait for each other.
/// Told apart by their hashes, which is quick: two that share one are not decided at the same time, and nothing is lost.
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
