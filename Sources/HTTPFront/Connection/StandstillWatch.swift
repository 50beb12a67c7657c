import Dispatch
import Synchronization

/// Knows whether the process stood still a moment ago: frozen, suspended with its machine, or without a processor. What
/// arrived meanwhile is older than it seems. Any thread may ask.
final class StandstillWatch: Sendable {
    static let shared = StandstillWatch()

    private let standstill = Mutex(Standstill(now: .now))
    // Only this initializer uses the source.
    private nonisolated(unsafe) let source = DispatchSource.makeTimerSource(queue: .global())

    private init() {
        source.setEventHandler { [weak self] in self?.standstill.withLock { $0.beat(.now) } }
        source.schedule(
            deadline: .now(), repeating: .milliseconds(Standstill.beatMilliseconds), leeway: .milliseconds(20)
        )
        source.activate()
    }

    deinit { source.cancel() }

    func mayHaveStoodStill(_ now: ContinuousClock.Instant) -> Bool {
        standstill.withLock { $0.mayHaveBeen(now) }
    }
}

/// The beats of a process, of which some are missing after a standstill.
struct Standstill: Sendable {
    static let beatMilliseconds = 100
    /// The longest time between two beats of a process that runs.
    private static let longestPause = Duration.milliseconds(400)
    /// The time within which everything has been read that arrived during a standstill.
    private static let aftermath = Duration.seconds(30)

    private var lastBeat: ContinuousClock.Instant
    private var suspectUntil: ContinuousClock.Instant

    /// A process that has just begun, of which nothing is known.
    init(now: ContinuousClock.Instant) {
        lastBeat = now
        suspectUntil = now
    }

    mutating func beat(_ now: ContinuousClock.Instant) {
        if now - lastBeat > Self.longestPause { suspectUntil = now + Self.aftermath }
        lastBeat = now
    }

    /// Whether the process may have stood still shortly before this moment.
    func mayHaveBeen(_ now: ContinuousClock.Instant) -> Bool {
        now < suspectUntil || now - lastBeat > Self.longestPause
    }
}
