import Charges
import LibPQ
import Logging

/// The failure of a call whose open items could not be decided.
enum DecisionFailure: Error, Sendable {
    /// Nothing was applied to the open items, nor will be.
    case notApplied(RequestFailure)
    /// The open items may have been applied, or may be yet.
    case inDoubt
}

extension PostgresError {
    /// Whether the slow path can decide a batch that the fast path did not apply.
    var fallsBackToSlowPath: Bool {
        guard case .server(let message, _) = self, effect == .notApplied else { return false }
        return [.uniqueViolation, .lockNotAvailable, .deadlockDetected].contains(message.sqlState)
    }
}

extension Logger.Metadata {
    /// The fields of the log entry for a failed transaction.
    static func describing(_ error: PostgresError, batch: DecisionBatch) -> Logger.Metadata {
        [
            "error": "\(error.debugDescription)", "effect": "\(error.effect)", "batch": "\(batch.identifier)",
            "items": "\(batch.items.count)",
        ]
    }
}
