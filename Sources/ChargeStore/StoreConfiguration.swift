/// What a node's store is told. Times are in milliseconds.
package struct StoreConfiguration: Sendable {
    /// What libpq takes: a connection string or a URI (PostgreSQL manual, chapter 34.1.1).
    package var database: String
    /// What `pg_stat_activity` shows, unless the string names another.
    package var applicationName = "countersign"
    /// Connections for ordinary work.
    package var maximumConnections = 8
    /// Connections kept for calls that wait for what another session holds.
    package var maximumWaitingConnections = 2
    /// Whether calls that wait are decided together. Without, each call is a transaction of its own, as many at a
    /// time as there are connections.
    package var gathersCalls = true
    /// How many transactions that decide calls together may be under way; no more than there are connections.
    package var maximumBatchesUnderWay = 2
    /// How many charges one of them takes, at the most; a single call is never split.
    package var maximumBatchItems = 500
    /// How many calls may wait for their turn, in all and of one operator.
    package var maximumQueueLength = 1024
    package var maximumQueueLengthPerOperator = 256
    /// How long a whole call waits for locks that others hold.
    package var lockWaitMilliseconds = 1000
    /// How long one attempt to connect may take.
    package var connectTimeoutMilliseconds = 3000

    package init(database: String) {
        self.database = database
    }
}
