import ChargeStore
import ServiceLifecycle

/// Work that a node does every so often, for as long as it runs. No node leads: all do it, at times of their own,
/// and the database sees to it that nothing is done twice.
struct PeriodicService: Service {
    /// From the end of one run to the beginning of the next; up to a quarter more or less, at random.
    let interval: Duration
    let clock: any Clock<Duration>
    let work: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await work()
                try? await clock.sleep(for: interval * Double.random(in: 0.75...1.25))
            }
        }
    }

    /// Everything that a node does by itself.
    static func background(of store: Store, clock: any Clock<Duration> = ContinuousClock())
        -> [PeriodicService]
    {
        [
            // A gap of a minute is an outage, so that a few beats may be lost.
            PeriodicService(interval: .seconds(10), clock: clock) { await store.policies.beat() },
            PeriodicService(interval: .seconds(1), clock: clock) {
                await store.publisher.publish(deadline: .now + .seconds(60))
            },
            PeriodicService(interval: .seconds(20), clock: clock) { await store.policies.decide() },
        ]
    }
}
