import Charges

/// The bounds of the batcher.
struct BatcherConfiguration: Sendable {
    /// The most batches under way at a time.
    var maximumBatchesUnderWay = 2
    /// The number of charges from which a batch is large. A second batch begins beside another only if it is large: a
    /// small one would decide little, and take the time of the one that could have had all of it.
    var largeItems = 50
    /// Whether a small batch may begin beside large ones, for operators that have nothing under way. It keeps one
    /// operator's flood from costing the others more than it must.
    var sparesOne = true
    /// The most calls of one batch; 1 decides each call by itself.
    var maximumCalls = Int.max
    /// The most charges of one batch. A single call may have more.
    var maximumItems = 500
    /// The most charges of one batch while several operators call, if that is less than `maximumItems`. `maximumItems`
    /// holds once one operator has been the only caller for `aloneAfter`. A larger batch costs less time for each
    /// charge, and more time for the calls that wait beside it.
    var maximumItemsBesideOthers = 150
    var aloneAfter: Duration = .seconds(5)
    /// The most calls that may wait, in all and of one operator.
    var maximumWaiting = 1024
    var maximumWaitingPerOperator = 256
    /// The time for which a charge or a reference stays out of batches after another session was found to hold it.
    var lockedKeyTime: Duration = .seconds(1)
    /// The most charges and references that stay out of batches at a time.
    var maximumLockedKeys = 1000
    /// The time beyond which a batch is logged, from the arrival of its first call to its commit.
    var slowBatchTime: Duration = .seconds(1)
}

extension BatcherConfiguration {
    init(_ configuration: StoreConfiguration) {
        maximumWaiting = configuration.maximumQueueLength
        maximumWaitingPerOperator = configuration.operatorLimits.waitingCalls
        maximumItems = configuration.maximumBatchItems
        lockedKeyTime = configuration.lockedKeyTime
        slowBatchTime = .milliseconds(configuration.slowBatchMilliseconds)
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
