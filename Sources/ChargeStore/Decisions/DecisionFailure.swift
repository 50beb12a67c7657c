import Charges
import LibPQ
import Logging

/// Why the open items of a call could not be judged.
enum DecisionFailure: Error, Sendable {
    /// Nothing was applied to them, nor will be.
    case notApplied(RequestFailure)
    /// That cannot be said.
    case inDoubt
}

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
    var fallsBackToSlowPath: Bool {
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

/// Pauses between tries: longer each time, at random, and only so often.
struct RetryDelay: Sendable {
    private static let maximumRetries = 12
    private static let firstMilliseconds = 10
    private static let longestMilliseconds = 640
    private var retries = 0

    /// Waits before the next try.
    ///
    /// - Returns: `false`, at once, if there have been enough tries or the next would come too late.
    mutating func pause(before deadline: ContinuousClock.Instant) async -> Bool {
        guard retries < Self.maximumRetries else { return false }
        let bound = min(Self.longestMilliseconds, Self.firstMilliseconds << retries)
        retries += 1
        let wakes = ContinuousClock.now + .milliseconds(Int.random(in: 0...bound))
        guard wakes < deadline else { return false }
        try? await Task.sleep(until: wakes, clock: .continuous)
        return true
    }
}
