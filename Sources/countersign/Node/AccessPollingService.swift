import Authentication
import ServiceLifecycle

/// Keeps the node's knowledge of which tokens are good fresh for as long as the node answers calls: it stands
/// first in the group, and so is stopped last.
struct AccessPollingService: Service {
    let polling: AccessPolling

    func run() async throws {
        await cancelWhenGracefulShutdown { await polling.run() }
    }
}
