/// The bounds of the batcher.
struct BatcherConfiguration: Sendable {
    /// Transactions under way at a time.
    var maximumBatchesUnderWay = 2
    /// Calls of one transaction; 1 decides each call by itself.
    var maximumCalls = Int.max
    /// Charges of one transaction. A single call may have more.
    var maximumItems = 500
    /// Calls that wait, in all and of one operator.
    var maximumWaiting = 1024
    var maximumWaitingPerOperator = 256
}

extension BatcherConfiguration {
    init(_ configuration: StoreConfiguration) {
        maximumWaiting = configuration.maximumQueueLength
        maximumWaitingPerOperator = configuration.maximumQueueLengthPerOperator
        maximumItems = configuration.maximumBatchItems
        if configuration.gathersCalls {
            maximumBatchesUnderWay = min(
                configuration.maximumBatchesUnderWay, configuration.maximumConnections)
        } else {
            maximumBatchesUnderWay = configuration.maximumConnections
            maximumCalls = 1
        }
    }
}
