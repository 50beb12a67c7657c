import Charges

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
