package import Charges
import Scheduling
import LibPQ
package import Logging
import Synchronization

/// The database's time of day, as a node knows it: the last reading of the database's clock, and the time that has
/// passed since by the monotonic clock. A wrong clock of the node's machine changes nothing here, nor does setting it.
/// Any thread may use it.
package final class DatabaseClock: Sendable {
    /// The offset of the node's own clock beyond which it is reported.
    package static let tolerance = Duration.seconds(2)
    /// The time that a reading may take. A slower one says too little about the database's clock, and is dropped.
    static let maximumUncertainty = Duration.seconds(1)

    private let wallClock: @Sendable () -> Timestamp
    private let monotonicClock: @Sendable () -> ContinuousClock.Instant
    private let logger: Logger?
    private let state = Mutex(State())

    private struct State {
        var reading: ServerClock?
        var warnings = WarningLimit()
    }

    /// - Parameters:
    ///   - wallClock: The clock of the node's machine, which is compared with the database's.
    ///   - logger: The logger that warns, at most once a minute, while the two differ.
    package init(
        wallClock: @escaping @Sendable () -> Timestamp = { WallClock.now },
        monotonicClock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, logger: Logger? = nil
    ) {
        self.wallClock = wallClock
        self.monotonicClock = monotonicClock
        self.logger = logger
    }

    /// The database's time; `nil` before the first reading.
    package var now: Timestamp? { reading?.time(at: monotonicClock()) }

    /// The offset of the node's own clock against the database's, positive if the node's is fast; `nil` before the first
    /// reading.
    package var offset: Duration? {
        now.map { .microseconds(wallClock().microsecondsSince2000 - $0.microsecondsSince2000) }
    }

    /// One sentence for a person about a node's clock that is wrong; `nil` if it is not.
    package var warning: String? {
        guard let offset, abs(offset) > Self.tolerance else { return nil }
        return "The clock of the node's machine is \(abs(offset).components.seconds) s "
            + (offset < .zero ? "behind" : "ahead of") + " the database's; tokens are not affected."
    }

    /// The last reading; `nil` before the first.
    var reading: ServerClock? { state.withLock { $0.reading } }

    /// Records a reading.
    func record(_ reading: ServerClock) {
        guard reading.uncertainty <= Self.maximumUncertainty else { return }
        state.withLock { $0.reading = reading }
        guard let logger, let offset, let warning else { return }
        let now = monotonicClock()
        let isDue = state.withLock { $0.warnings.admits(now: now) }
        if isDue { logger.warning("\(warning)", metadata: ["offset_seconds": "\(offset.seconds)"]) }
    }

    /// Forgets the reading, which was of another server.
    func forget() {
        state.withLock { $0.reading = nil }
    }
}

extension WallClock {
    /// The time of day by the clock of the node's machine.
    static var now: Timestamp {
        Timestamp(secondsSince1970: 0).advanced(by: .milliseconds(Int64(millisecondsSince1970)))
    }
}

extension Duration {
    /// The duration in seconds, to the microsecond.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds / 1_000_000_000_000) / 1_000_000
    }
}

private func abs(_ duration: Duration) -> Duration {
    duration < .zero ? .zero - duration : duration
}
