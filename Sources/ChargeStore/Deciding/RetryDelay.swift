/// Pauses between tries: longer each time, at random, and only so often.
struct RetryDelay: Sendable {
    private static let maximumRetries = 12
    private static let firstMilliseconds = 10
    private static let longestMilliseconds = 640
    private var retries = 0

    /// Waits before the next try.
    ///
    /// - Returns: `false`, at once, if there have been enough tries or the next would come too late.
    mutating func pause(before deadline: ContinuousClock.Instant) async -> Bool {
        guard retries < Self.maximumRetries else { return false }
        let bound = min(Self.longestMilliseconds, Self.firstMilliseconds << retries)
        retries += 1
        let wakes = ContinuousClock.now + .milliseconds(Int.random(in: 0...bound))
        guard wakes < deadline else { return false }
        try? await Task.sleep(until: wakes, clock: .continuous)
        return true
    }
}
