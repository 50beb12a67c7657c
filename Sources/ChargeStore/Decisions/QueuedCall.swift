import Charges

/// A call on its way to the database. Its items refer to it, so that each is as cheap to hand on as a reference.
final class AskedCall: Sendable {
    let call: DecisionCall
    /// Nothing is applied after it. It leaves time before the call's own to resolve a lost commit.
    let deadline: ContinuousClock.Instant
    /// The server's clock as the node knew it when the call began; `nil` if it had none yet. The deadline is told
    /// by this one however long the call waits: on a machine that stood still meanwhile the node's clock stood
    /// still too, and by a clock that was read afterwards the call would have time left.
    let clock: ServerClock?

    init(_ call: DecisionCall, deadline: ContinuousClock.Instant, clock: ServerClock?) {
        self.call = call
        self.deadline = deadline
        self.clock = clock
    }

    /// Some of its items.
    func entries(_ indices: [Int]) -> [DecisionBatch.Entry] {
        indices.map { DecisionBatch.Entry(asked: self, index: $0) }
    }
}

/// A call that waits to be decided together with others: what is to be known of it to choose.
struct BatchTicket: Equatable, Sendable {
    let identifier: UInt64
    /// Whose it is.
    let operatorIdentifier: OperatorIdentifier
    /// Acknowledgements are decided by another statement, and so only with their like.
    let isAcknowledging: Bool
    /// What nobody else may touch meanwhile.
    let keys: [BatchKey]
    let itemCount: Int
    /// Nothing is done after it.
    let deadline: ContinuousClock.Instant
}

extension BatchTicket {
    /// - Parameter entries: Of one call.
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
    /// What the caller is told. Nothing was applied.
    var requestFailure: RequestFailure {
        switch self {
        case .shareExceeded: .operatorBeyondShare
        case .queueFull, .deadlinePassed: .serviceUnavailable
        }
    }
}
