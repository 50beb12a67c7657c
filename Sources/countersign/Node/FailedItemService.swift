import ChargeStore
import ServiceLifecycle

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
