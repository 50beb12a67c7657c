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

/// The meaning of a decision transaction's error: the one table from SQLSTATE to what the node does about it.
extension PostgresError {
    /// Whether a transaction that was not applied may succeed at another try.
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

    /// Whether the slow path can decide a batch that the fast path did not apply.
    var fallsBackToSlowPath: Bool {
        guard case .server(let message, _) = self else { return false }
        return [.uniqueViolation, .lockNotAvailable, .deadlockDetected].contains(message.sqlState)
    }

    /// The answer to the caller for a transaction that was not applied and is not tried again.
    var requestFailure: RequestFailure {
        guard case .server(let message, _) = self else { return .serviceUnavailable }
        switch message.sqlState {
        case .callDeadlinePassed, .queryCanceled: return .serviceUnavailable
        default: return isWorthRetrying ? .serviceUnavailable : .internalError
        }
    }
}

extension SQLState {
    /// The code that `countersign.decide` raises when a deadline passes during its work; nothing was applied.
    static let callDeadlinePassed = SQLState("CS001")
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

/// The pauses between tries: random, with a bound that doubles each time, and limited in number.
struct RetryDelay: Sendable {
    private static let maximumRetries = 12
    private static let firstMilliseconds = 10
    private static let longestMilliseconds = 640
    private var retries = 0

    /// Waits before the next try.
    ///
    /// - Returns: `false`, at once, if the tries are used up or the next one would begin after the deadline.
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
