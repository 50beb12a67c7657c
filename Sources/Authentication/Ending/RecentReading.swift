import Charges
import Synchronization

/// Sees to it that what a node knows of the database is no older than a second, or that the node says that it does
/// not know. Reads one at a time, whoever asks.
final class RecentReading: Sendable {
    private struct State {
        /// When the last good reading was asked for: what it says was so no earlier.
        var asked: ContinuousClock.Instant?
        var underWay: Task<Result<Void, RequestFailure>, Never>?
    }

    /// How old the knowledge may be that a call is answered by.
    static let maximumAge = Duration.seconds(1)
    /// How long a reading may take: while there is fresh knowledge, and when there is none, which may be a lot to
    /// read.
    private static let shortTimeout = Duration.seconds(1)
    private static let longTimeout = Duration.seconds(3)

    private let clock: @Sendable () -> ContinuousClock.Instant
    private let read: @Sendable (_ deadline: ContinuousClock.Instant) async throws(RequestFailure) -> Void
    private let state = Mutex(State())

    init(
        clock: @escaping @Sendable () -> ContinuousClock.Instant,
        read: @escaping @Sendable (_ deadline: ContinuousClock.Instant) async throws(RequestFailure) -> Void
    ) {
        self.clock = clock
        self.read = read
    }

    /// Returns at once if the last reading is recent; else reads, or waits for the reading that is under way.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` or what reading failed with.
    func ensure() async throws(RequestFailure) {
        // A reading that was under way already may be too old when it has ended; one more is not.
        for _ in 0..<2 {
            guard !isRecent else { return }
            try await refresh()
        }
        guard isRecent else { throw .serviceUnavailable }
    }

    /// Reads, whether that is needed or not.
    func refresh() async throws(RequestFailure) {
        let task = state.withLock { state in
            if let underWay = state.underWay { return underWay }
            let task = Task { await self.readOnce() }
            state.underWay = task
            return task
        }
        try await task.value.get()
    }

    private var isRecent: Bool {
        let asked = state.withLock { $0.asked }
        return asked.map { clock() - $0 < Self.maximumAge } ?? false
    }

    private func readOnce() async -> Result<Void, RequestFailure> {
        let asked = clock()
        let timeout = isRecent ? Self.shortTimeout : Self.longTimeout
        let result: Result<Void, RequestFailure>
        do throws(RequestFailure) {
            try await read(.now + timeout)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        state.withLock { state in
            state.underWay = nil
            if case .success = result { state.asked = asked }
        }
        return result
    }
}
