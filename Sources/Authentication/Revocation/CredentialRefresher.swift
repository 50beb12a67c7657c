import Charges
import Synchronization

/// Reads, again and again, what says which tokens are good: the signing keys, and the tokens that were ended.
///
/// Calls do not depend on it: one that finds the knowledge too old reads by itself. It keeps them from waiting.
package struct CredentialRefresher: Sendable {
    /// A quarter of what the knowledge may be old, and some more or less, so that the nodes do not ask together.
    private static let milliseconds = 200...300
    /// After so many readings, some ten minutes, old ends are forgotten by the repository.
    private static let readingsBetweenForgetting = 2400

    private let keys: TokenKeys
    private let ends: TokenRevocations
    private let wait: @Sendable (Duration) async throws -> Void

    /// - Parameter wait: Returns after so long, or throws when the polling is to end.
    package init(
        keys: TokenKeys, ends: TokenRevocations,
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.keys = keys
        self.ends = ends
        self.wait = wait
    }

    /// Goes on until its task is cancelled.
    package func run() async {
        // A node that fails to read says so in its store's log, and to its callers once it does not know.
        var readings = Int.random(in: 0..<Self.readingsBetweenForgetting)
        while !Task.isCancelled {
            async let keysRead: Void? = try? keys.refresh()
            async let endsRead: Void? = try? ends.refresh()
            _ = await (keysRead, endsRead)
            readings += 1
            if readings.isMultiple(of: Self.readingsBetweenForgetting) { try? await ends.purgeExpired() }
            do {
                try await wait(.milliseconds(Int.random(in: Self.milliseconds)))
            } catch {
                return
            }
        }
    }
}

/// What a node knows of the database: no older than a second, or the node says that it does not know. It is read once at a
/// time, whoever asks. Any thread may call it.
final class FreshSnapshot: Sendable {
    /// How old the knowledge may be that a call is answered by.
    static let maximumAge = Duration.seconds(1)
    /// How long a reading may take: while there is fresh knowledge, and when there is none, which may be a lot to
    /// read.
    private static let shortTimeout = Duration.seconds(1)
    private static let longTimeout = Duration.seconds(3)

    private let clock: @Sendable () -> ContinuousClock.Instant
    private let age: Age
    private let reading: SharedAttempt

    /// When the last good reading was asked for: what it says was so no earlier.
    private final class Age: Sendable {
        let asked = Mutex<ContinuousClock.Instant?>(nil)

        func isRecent(at now: ContinuousClock.Instant) -> Bool {
            asked.withLock { $0 }.map { now - $0 < maximumAge } ?? false
        }
    }

    /// - Parameters:
    ///   - clock: The clock that only goes forward.
    ///   - read: Reads, and keeps what it has read.
    init(
        clock: @escaping @Sendable () -> ContinuousClock.Instant,
        read: @escaping @Sendable (_ deadline: ContinuousClock.Instant) async throws(RequestFailure) -> Void
    ) {
        let age = Age()
        self.clock = clock
        self.age = age
        reading = SharedAttempt { () throws(RequestFailure) in
            let asked = clock()
            let timeout = age.isRecent(at: asked) ? Self.shortTimeout : Self.longTimeout
            try await read(.now + timeout)
            age.asked.withLock { $0 = asked }
        }
    }

    /// Returns at once if the last reading is recent; else reads, or waits for the reading that is under way.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` or what reading failed with.
    func ensure() async throws(RequestFailure) {
        // A reading that was under way already may be too old when it has ended; one more is not.
        for _ in 0..<2 {
            guard !age.isRecent(at: clock()) else { return }
            try await refresh()
        }
        guard age.isRecent(at: clock()) else { throw .serviceUnavailable }
    }

    /// Reads, whether that is needed or not.
    func refresh() async throws(RequestFailure) {
        try await reading.run()
    }
}
