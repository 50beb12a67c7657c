/// Which calls are decided together, and when: a value without threads, a database or a clock.
///
/// While a transaction is under way, calls gather; the next one takes them all, within its bounds. A call that comes
/// when nothing is under way goes at once. No charge and no reference is in two transactions at a time.
struct BatcherStateMachine: Sendable {
    private let configuration: BatcherConfiguration
    private var queue = TicketQueue()
    private var batchesUnderWay = 0
    /// What the transactions under way touch.
    private var held: Set<BatchKey> = []

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
        for ticket in batch { held.subtract(ticket.keys) }
        return begin(now: now)
    }

    /// Time has passed.
    mutating func expire(now: ContinuousClock.Instant) -> [BatchAction] {
        queue.takeExpired(now: now).map { .refuse($0, .deadlinePassed) }
    }

    private mutating func begin(now: ContinuousClock.Instant) -> [BatchAction] {
        guard batchesUnderWay < configuration.maximumBatchesUnderWay, queue.count > 0 else { return [] }
        var actions = expire(now: now)
        while batchesUnderWay < configuration.maximumBatchesUnderWay {
            let batch = takeBatch()
            if batch.isEmpty { break }
            batchesUnderWay += 1
            actions.append(.run(batch))
        }
        return actions
    }

    private mutating func takeBatch() -> [BatchTicket] {
        var calls = 0
        var items = 0
        var isAcknowledging: Bool?
        return queue.take { ticket in
            guard
                calls == 0
                    || (calls < configuration.maximumCalls
                        && items + ticket.itemCount <= configuration.maximumItems)
            else { return .stop }
            guard isAcknowledging == nil || isAcknowledging == ticket.isAcknowledging,
                !ticket.keys.contains(where: held.contains)
            else { return .passOver }
            calls += 1
            items += ticket.itemCount
            isAcknowledging = ticket.isAcknowledging
            held.formUnion(ticket.keys)
            return .take
        }
    }
}
