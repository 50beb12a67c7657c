import Authentication
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
            PeriodicService(interval: .seconds(10), clock: clock) { await store.policies.heartbeat() },
            PeriodicService(interval: .seconds(1), clock: clock) {
                await store.publisher.publish(deadline: .now + .seconds(60))
            },
            PeriodicService(interval: .seconds(20), clock: clock) { await store.policies.decide() },
        ]
    }
}

/// Stores the counts of failed items every few seconds, and once more when the node stops. The group stops its
/// services last first: as the first one it stops after the servers, when the last calls have ended.
struct FailedItemService: Service {
    let store: Store
    private static let intervalSeconds = 5
    private static let timeoutSeconds = 2

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(Self.intervalSeconds))
                await storeOnce()
            }
        }
        await storeOnce()
    }

    private func storeOnce() async {
        await store.storeFailedItems(deadline: .now + .seconds(Self.timeoutSeconds))
    }
}

/// Keeps the node's knowledge of which tokens are good fresh for as long as the node answers calls: it stands
/// first in the group, and so is stopped last.
struct CredentialRefreshService: Service {
    let polling: CredentialRefresher

    func run() async throws {
        await cancelWhenGracefulShutdown { await polling.run() }
    }
}
