import Charges
import Synchronization

/// The periodic refresh of what decides whether a token is valid: the signing keys and the revocations.
///
/// Calls do not depend on it: a call that finds a snapshot too old refreshes it. The refresher keeps calls from
/// waiting.
package struct CredentialRefresher: Sendable {
    /// The interval: about a quarter of a snapshot's maximum age, varied so that the nodes do not read at the same
    /// time.
    private static let milliseconds = 200...300
    /// The number of reads, about ten minutes' worth, between deletions of expired revocations.
    private static let readingsBetweenForgetting = 2400

    private let keys: TokenKeys
    private let revocations: TokenRevocations
    private let wait: @Sendable (Duration) async throws -> Void

    /// - Parameter wait: Returns after the duration, or throws to end the refresh.
    package init(
        keys: TokenKeys, revocations: TokenRevocations,
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.keys = keys
        self.revocations = revocations
        self.wait = wait
    }

    /// Refreshes until the task is cancelled.
    package func run() async {
        // A failed read is logged by the store. Calls fail once the snapshot is too old.
        var readings = Int.random(in: 0..<Self.readingsBetweenForgetting)
        while !Task.isCancelled {
            async let keysRead: Void? = try? keys.refresh()
            async let revocationsRead: Void? = try? revocations.refresh()
            _ = await (keysRead, revocationsRead)
            readings += 1
            if readings.isMultiple(of: Self.readingsBetweenForgetting) {
                try? await revocations.purgeExpired()
            }
            do {
                try await wait(.milliseconds(Int.random(in: Self.milliseconds)))
            } catch {
                return
            }
        }
    }
}

/// A snapshot of the database that is at most a second old; without one, calls wait for a while and then fail. There is
/// one read at a time, shared by all callers. Any thread may call it.
final class FreshSnapshot: Sendable {
    /// The maximum age of the snapshot by which a call is answered.
    static let maximumAge = Duration.seconds(1)
    /// The time limits of a read: the short one while the snapshot is fresh, the long one when there is none, since
    /// then there may be much to read.
    private static let shortTimeout = Duration.seconds(1)
    private static let longTimeout = Duration.seconds(3)
    /// How long after the last successful read calls wait for another one. A switchover of the database takes less, so
    /// that no call fails by it. In a longer outage calls fail at once, so that they do not pile up.
    static let patience = Duration.seconds(5)
    private static let pauseBetweenReads = Duration.milliseconds(100)

    private let pause: @Sendable (Duration) async -> Void
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let age: Age
    private let reading: SharedAttempt

    /// The start of the last successful read. The snapshot is no older than that.
    private final class Age: Sendable {
        let asked = Mutex<ContinuousClock.Instant?>(nil)

        /// When callers wait no longer.
        var endOfPatience: ContinuousClock.Instant? { asked.withLock { $0.map { $0 + patience } } }

        func isRecent(at now: ContinuousClock.Instant) -> Bool {
            asked.withLock { $0 }.map { now - $0 < maximumAge } ?? false
        }
    }

    /// - Parameters:
    ///   - clock: The monotonic clock.
    ///   - pause: Returns after the duration.
    ///   - read: Reads the database and stores the result.
    init(
        clock: @escaping @Sendable () -> ContinuousClock.Instant,
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) },
        read: @escaping @Sendable (_ deadline: ContinuousClock.Instant) async throws(RequestFailure) -> Void
    ) {
        let age = Age()
        self.clock = clock
        self.pause = pause
        self.age = age
        reading = SharedAttempt { () throws(RequestFailure) in
            let asked = clock()
            let timeout = age.isRecent(at: asked) ? Self.shortTimeout : Self.longTimeout
            try await read(.now + timeout)
            age.asked.withLock { $0 = asked }
        }
    }

    /// Returns at once if the snapshot is fresh; otherwise reads, or waits for the read that is under way, and again
    /// while the last successful read is not too long ago.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` or the failure of the last read.
    func ensure() async throws(RequestFailure) {
        let ends = age.endOfPatience
        while true {
            let failure = await tryToEnsure()
            guard let failure else { return }
            guard let ends, clock() < ends, !Task.isCancelled else { throw failure }
            await pause(Self.pauseBetweenReads)
        }
    }

    private func tryToEnsure() async -> RequestFailure? {
        // A read that was under way already may be too old when it has ended; one more is not.
        for _ in 0..<2 {
            guard !age.isRecent(at: clock()) else { return nil }
            do throws(RequestFailure) {
                try await refresh()
            } catch {
                return error
            }
        }
        return age.isRecent(at: clock()) ? nil : .serviceUnavailable
    }

    /// Reads, whether or not the snapshot is fresh.
    func refresh() async throws(RequestFailure) {
        try await reading.run()
    }
}
