import Logging
import ServiceLifecycle
import UnixSignals

/// The first to stop: it turns `/readyz` to 503, and while it lasts everything else goes on, so that a balancer
/// can leave before calls are refused.
struct Drain: Service {
    let readiness: NodeReadiness
    let milliseconds: Int
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        readiness.stop()
        logger.info("stopping", metadata: ["drain_milliseconds": "\(milliseconds)"])
        try? await Task.sleep(for: .milliseconds(milliseconds))
    }
}

extension ServiceGroup {
    /// Runs until the first of the signals, and then until its services have stopped, the last one first. A second
    /// signal hurries: what is still under way is cut off.
    func run(until signals: UnixSignalsSequence) async throws {
        let running = Task { try await run() }
        let listening = Task {
            var isStopping = false
            for await _ in signals {
                if isStopping { return running.cancel() }
                isStopping = true
                await triggerGracefulShutdown()
            }
        }
        defer { listening.cancel() }
        do {
            try await running.value
        } catch {
            // Being hurried, or at the bound, is an end like another.
            guard !(error is CancellationError), !running.isCancelled else { return }
            throw error
        }
    }
}
