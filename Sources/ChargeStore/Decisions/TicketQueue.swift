import Charges
import DequeModule

/// The calls that wait for the next batch: first in, first out within an operator, and the operators in turn, so that
/// one operator's flood does not keep the others waiting.
struct TicketQueue: Sendable {
    private var waiting: [OperatorIdentifier: Deque<BatchTicket>] = [:]
    /// The operators that have a call waiting, the next to be served first.
    private var turns: Deque<OperatorIdentifier> = []
    private(set) var count = 0
    /// The number of charges that the waiting calls name.
    private(set) var itemCount = 0
    /// A lower bound of the waiting calls' deadlines.
    private var nothingExpiresBefore: ContinuousClock.Instant?

    func count(of operatorIdentifier: OperatorIdentifier) -> Int {
        waiting[operatorIdentifier]?.count ?? 0
    }

    mutating func append(_ ticket: BatchTicket) {
        if waiting[ticket.operatorIdentifier] == nil { turns.append(ticket.operatorIdentifier) }
        waiting[ticket.operatorIdentifier, default: []].append(ticket)
        count += 1
        itemCount += ticket.itemCount
        nothingExpiresBefore = min(nothingExpiresBefore ?? ticket.deadline, ticket.deadline)
    }

    /// The choice for the call whose turn it is.
    enum Choice {
        case take
        /// Leaves the call and its operator's later calls in the queue; the operator keeps its turn.
        case passOver
        /// Takes no further call.
        case stop
    }

    /// Offers the calls in their turns to a choice.
    ///
    /// - Returns: The calls that were taken, in order.
    mutating func take(_ choose: (BatchTicket) -> Choice) -> [BatchTicket] {
        var taken: [BatchTicket] = []
        var passedOver: [OperatorIdentifier] = []
        choosing: while let operatorIdentifier = turns.popFirst() {
            guard let ticket = waiting[operatorIdentifier]?.first else { continue }
            switch choose(ticket) {
            case .take:
                taken.append(ticket)
                waiting[operatorIdentifier]?.removeFirst()
                count -= 1
                itemCount -= ticket.itemCount
                if count(of: operatorIdentifier) == 0 {
                    waiting[operatorIdentifier] = nil
                } else {
                    turns.append(operatorIdentifier)
                }
            case .passOver: passedOver.append(operatorIdentifier)
            case .stop:
                passedOver.append(operatorIdentifier)
                break choosing
            }
        }
        turns.prepend(contentsOf: passedOver)
        return taken
    }

    /// Removes and returns every call whose deadline has come.
    mutating func takeExpired(now: ContinuousClock.Instant) -> [BatchTicket] {
        guard let nothingExpiresBefore, nothingExpiresBefore <= now else { return [] }
        var expired: [BatchTicket] = []
        for (operatorIdentifier, tickets) in waiting {
            let kept = tickets.filter { $0.deadline > now }
            guard kept.count < tickets.count else { continue }
            expired += tickets.filter { $0.deadline <= now }
            waiting[operatorIdentifier] = kept.isEmpty ? nil : kept
        }
        self.nothingExpiresBefore = earliestDeadline
        guard !expired.isEmpty else { return [] }
        turns.removeAll { waiting[$0] == nil }
        count -= expired.count
        itemCount -= expired.reduce(0) { $0 + $1.itemCount }
        return expired.sorted { $0.identifier < $1.identifier }
    }

    /// The first deadline of the waiting calls; `nil` while no call waits.
    var earliestDeadline: ContinuousClock.Instant? {
        waiting.values.lazy.flatMap(\.self).map(\.deadline).min()
    }
}
