/// The bounds of the batcher.
struct BatcherConfiguration: Sendable {
    /// Transactions under way at a time.
    var maximumBatchesUnderWay = 2
    /// From how many charges on a transaction is a large one. A second one begins beside another only if it is large:
    /// small ones would do little, and take the time of the one that could have had all of it.
    var largeItems = 50
    /// Whether a small one begins beside large ones, for operators that have nothing under way: so that a flood of one
    /// costs the others as little as can be.
    var sparesOne = true
    /// Calls of one transaction; 1 decides each call by itself.
    var maximumCalls = Int.max
    /// Charges of one transaction. A single call may have more.
    var maximumItems = 500
    /// Charges of one transaction, if that is less, unless one operator has been the only one to call for
    /// `aloneAfter`: larger ones cost a charge less, and whoever calls beside them more time.
    var maximumItemsBesideOthers = 150
    var aloneAfter: Duration = .seconds(5)
    /// Calls that wait, in all and of one operator.
    var maximumWaiting = 1024
    var maximumWaitingPerOperator = 256
}

extension BatcherConfiguration {
    init(_ configuration: StoreConfiguration) {
        maximumWaiting = configuration.maximumQueueLength
        maximumWaitingPerOperator = configuration.maximumQueueLengthPerOperator
        maximumItems = configuration.maximumBatchItems
        if configuration.batchesCalls {
            maximumBatchesUnderWay = min(
                configuration.maximumBatchesUnderWay, configuration.maximumConnections)
        } else {
            maximumBatchesUnderWay = configuration.maximumConnections
            largeItems = 0
            sparesOne = false
            maximumCalls = 1
        }
    }
}
