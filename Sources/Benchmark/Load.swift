/// Calls that go on until they are told to end, of which a stretch is measured.
package protocol Load: Sendable {
    func start() throws
    /// From here on it is measured, until `endWindow`.
    func beginWindow()
    func endWindow()
    /// Begins no more calls, waits for the answers of those under way, and says what became of them all.
    ///
    /// - Parameter patience: How long to wait; what has no answer by then is unknown.
    func finish(patience: Duration) -> LoadResult
}

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
