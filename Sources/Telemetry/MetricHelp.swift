extension Metric {
    /// The help text on the page, which is the meaning in docs/metrics.md.
    package var help: String {
        switch self {
        case .nodeInfo: "1, with the node's name and the number of its build."
        case .calls: "Calls answered, by name, code and HTTP status."
        case .callsUnderWay: "Calls that are being answered."
        case .callSeconds: "Time from the arrival of a call to its response."
        case .items: "Items of calls, by result: OK or the error code."
        case .httpConnections:
            "Open connections of clients, by side and state: silent before the first call, active during one, else idle."
        case .httpConnectionsLimit: "The most connections of clients; each further one replaces another one."
        case .boundsMet:
            "Connections closed, and logins, transfers and decision files refused, because a bound was met."
        case .transfers: "Transfers of files that have ended, by result."
        case .transferBytes: "Bytes of files that were transferred."
        case .queuedCalls:
            "Calls that wait: for a batch of decisions or of acknowledgements, for the comparison of a password, or for their turn to transfer a file."
        case .batchCalls: "Calls decided in one batch."
        case .batchItems: "Items decided in one batch."
        case .batchSeconds:
            "Time of a batch's transaction, to its commit on disk and, where commits are synchronous, on a standby."
        case .batchLockTimeouts: "Batches that waited in vain for a lock of another session."
        case .lockedItems:
            "Items that other sessions were found to hold, that stayed out of a batch since, and that were forgotten."
        case .unknownOutcomes: "Commits whose response was lost, by their resolution."
        case .databaseUp:
            "1 if the database answered the page's query, otherwise 0; then the ages and counts from the database are old."
        case .databaseErrors:
            "Failed statements and connections, by the class of the SQLSTATE; none where the database gave no code."
        case .connectionsOpened: "Connections opened to the database."
        case .poolConnections: "Connections to the database, by state."
        case .poolConnectionsLimit: "The most connections of a pool to the database."
        case .poolWaiting: "Leases that wait for a connection to the database, by the kind of their work."
        case .clockOffsetSeconds:
            "Offset of the node's clock against the database's; positive if the node's is fast."
        case .feedLagSeconds: "Age of the oldest decision that the provider's feed has no position for yet."
        case .unpublishedDecisions:
            "Decisions that the provider's feed has no position for yet, of at most 1000 batches."
        case .oldestUndecidedSeconds:
            "Time since the window began of the oldest undecided charge whose operator's policy will decide it."
        case .oldestTakenSeconds:
            "Time since the provider took the charge that has waited longest for its outcome."
        case .statementLagSeconds:
            "Time since the statement was due that has waited longest to be closed."
        case .policiesLastRun: "When this node last completed a pass of the policies; 0 before the first."
        case .processCPUSeconds: "Processor time of the node's process."
        case .processResidentMemory: "Memory of the process that is in RAM."
        case .processVirtualMemory: "Address space of the process."
        case .processOpenDescriptors: "Open file descriptors of the process."
        case .processMaximumDescriptors: "The most file descriptors that the process may open."
        case .processStartTime: "When the process started."
        }
    }
}
