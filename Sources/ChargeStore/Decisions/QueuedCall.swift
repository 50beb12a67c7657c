import Charges

/// A call on its way to the database. Its items refer to it, so that each of them costs no more to pass on than a
/// reference.
final class AskedCall: Sendable {
    let call: DecisionCall
    /// The moment after which nothing of the call is applied. It is earlier than the call's own deadline, to leave time
    /// for resolving an in-doubt commit.
    let deadline: ContinuousClock.Instant
    /// The server's clock as the node knew it when the call began; `nil` if the node had not read it yet.
    ///
    /// The deadline is converted by this clock, however long the call waits. On a machine that stood still meanwhile
    /// the node's clock stood still too, and by a clock that was read afterwards the call would have time left.
    let clock: ServerClock?

    init(_ call: DecisionCall, deadline: ContinuousClock.Instant, clock: ServerClock?) {
        self.call = call
        self.deadline = deadline
        self.clock = clock
    }

    /// The entries of some of the call's items, by index.
    func entries(_ indices: [Int]) -> [DecisionBatch.Entry] {
        indices.map { DecisionBatch.Entry(asked: self, index: $0) }
    }
}

/// The ticket of a call that waits to be decided in a batch: what the state machine needs to choose it.
struct BatchTicket: Equatable, Sendable {
    let identifier: UInt64
    let operatorIdentifier: OperatorIdentifier
    /// Whether the call acknowledges. Acknowledgements are decided by a statement of their own, and so in batches of
    /// their own.
    let isAcknowledging: Bool
    /// The keys of the call's charges and references, which no other batch may touch meanwhile.
    let keys: [BatchKey]
    let itemCount: Int
    /// The moment after which nothing of the call is applied.
    let deadline: ContinuousClock.Instant
}

extension BatchTicket {
    /// - Parameter entries: Items of one call, at least one.
    init(_ entries: [DecisionBatch.Entry], identifier: UInt64) {
        let asked = entries[0].asked
        let owner = asked.call.operatorIdentifier
        var keys: [BatchKey] = []
        keys.reserveCapacity(2 * entries.count)
        for entry in entries {
            keys.append(BatchKey(charge: entry.number, of: owner))
            if let reference = entry.referenceNumber {
                keys.append(BatchKey(reference: reference, of: owner))
            }
        }
        self.init(
            identifier: identifier, operatorIdentifier: owner,
            isAcknowledging: asked.call.action == .acknowledge, keys: keys, itemCount: entries.count,
            deadline: asked.deadline)
    }
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
