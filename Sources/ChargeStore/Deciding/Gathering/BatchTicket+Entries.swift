import Charges

extension BatchTicket {
    /// - Parameter entries: Of one call.
    init(_ entries: [DecisionBatch.Entry], identifier: UInt64) {
        let call = entries[0].call
        var keys: [BatchKey] = []
        keys.reserveCapacity(2 * entries.count)
        for entry in entries {
            keys.append(.charge(call.operatorIdentifier, entry.item.number))
            if let reference = entry.item.referenceNumber {
                keys.append(.reference(call.operatorIdentifier, reference))
            }
        }
        self.init(
            identifier: identifier, operatorIdentifier: call.operatorIdentifier,
            isAcknowledging: call.action == .acknowledge, keys: keys, itemCount: entries.count,
            deadline: entries[0].deadline)
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
