/// What a load found.
package struct LoadResult: Sendable {
    /// What was answered while it was measured.
    package var window = Tally()
    /// What was answered in all.
    package var whole = Tally()
    /// Of the calls that were measured.
    package var latencies = Latencies()
    /// Calls that were due and that no connection was ever free for. Their latencies count as long as they waited.
    package var unsentCalls = 0

    package init() {}
}
