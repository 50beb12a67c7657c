import ArgumentParser
import Authentication
import ChargeStore
import ServiceLifecycle

/// A periodic task of a running node. No node leads: every node runs the task at its own times, and the database
/// ensures that nothing is done twice.
struct PeriodicService: Service {
    /// The time from the end of one run to the start of the next. It varies at random by up to a quarter.
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

    /// All periodic tasks of a node.
    static func background(of store: Store, clock: any Clock<Duration> = ContinuousClock())
        -> [PeriodicService]
    {
        [
            // Only a gap of a minute counts as an outage, so a few heartbeats may be lost.
            PeriodicService(interval: .seconds(10), clock: clock) { await store.policies.heartbeat() },
            PeriodicService(interval: .seconds(1), clock: clock) {
                await store.publisher.publish(deadline: .now + .seconds(60))
            },
            PeriodicService(interval: .seconds(20), clock: clock) { await store.policies.decide() },
            PeriodicService(interval: .seconds(60), clock: clock) {
                await store.publisher.purge()
                await store.purgeActivity()
                await store.decisionFileRunner.purge()
            },
            PeriodicService(interval: .seconds(10), clock: clock) { await store.statementCloser.run() },
            PeriodicService(interval: .seconds(2), clock: clock) { await store.reconciliationComparer.run() },
            PeriodicService(interval: .seconds(2), clock: clock) { await store.decisionFileRunner.run() },
        ]
    }
}

extension PeriodicService {
    /// The task that writes what the node says of itself into the table `node_status`.
    static func nodeStatus(
        of store: Store, name: String, startedAt: ContinuousClock.Instant,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> PeriodicService {
        PeriodicService(interval: .seconds(4), clock: clock) {
            await store.recordNodeStatus(
                name: name, version: Countersign.configuration.version, startedAt: startedAt)
        }
    }
}

/// The service that stores the counts of failed items every few seconds, and once more when the node stops.
///
/// The service group stops its services in reverse order. This service is listed before the servers, so it stops after
/// them, when the last calls have ended.
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

/// The service that refreshes the node's signing keys and token revocations for as long as the node answers calls.
///
/// It is the first service of the group, so it stops last.
struct CredentialRefreshService: Service {
    let polling: CredentialRefresher

    func run() async throws {
        await cancelWhenGracefulShutdown { await polling.run() }
    }
}
