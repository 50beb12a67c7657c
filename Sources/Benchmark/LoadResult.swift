/// What a load found.
package struct LoadResult: Sendable {
    /// What was answered while it was measured.
    package var window = Tally()
    /// What was answered in all.
    package var whole = Tally()
    /// Of the calls that were answered while it was measured, or in open loop were due then: from when a call was due until
    /// it was answered OK; of those that never were, and of unsent ones, as long as they waited. Those whose connection
    /// was lost are not among them.
    package var latencies = Latencies()
    /// Calls that were due and that no connection was ever free for.
    package var unsentCalls = 0
    /// Whether the service had let go of every connection, and taken none anew, when the load was to end.
    package var isDisconnected = false

    package init() {}
}
