import Charges
import LibPQ
import Logging

/// What an error of a decision transaction means. The one table from SQLSTATE to what is done about it.
extension PostgresError {
    /// Of a transaction that was not applied: whether another try may go better.
    var isWorthRetrying: Bool {
        guard case .server(let message, _) = self else { return true }
        switch message.sqlState {
        case .serializationFailure, .deadlockDetected, .lockNotAvailable, .readOnlyTransaction,
            .adminShutdown,
            .crashShutdown, .cannotConnectNow, .tooManyConnections:
            return true
        default:
            return false
        }
    }

    /// Of a transaction that decided together and was not applied: whether the exact way goes round what it met.
    var isForExactTry: Bool {
        guard case .server(let message, _) = self else { return false }
        return [.uniqueViolation, .lockNotAvailable, .deadlockDetected].contains(message.sqlState)
    }

    /// Of a transaction that was not applied and is not tried again: what the caller is told.
    var requestFailure: RequestFailure {
        guard case .server(let message, _) = self else { return .serviceUnavailable }
        switch message.sqlState {
        case .callDeadlinePassed, .queryCanceled: return .serviceUnavailable
        default: return isWorthRetrying ? .serviceUnavailable : .internalError
        }
    }
}

extension SQLState {
    /// Raised by `countersign.decide`: a deadline passed in the middle, and nothing was applied.
    static let callDeadlinePassed = SQLState("CS001")
}

extension Logger.Metadata {
    /// What the log says of a failed transaction.
    static func describing(_ error: PostgresError, batch: DecisionBatch) -> Logger.Metadata {
        [
            "error": "\(error.debugDescription)", "effect": "\(error.effect)", "batch": "\(batch.identifier)",
            "items": "\(batch.items.count)",
        ]
    }
}
