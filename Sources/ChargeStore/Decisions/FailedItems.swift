import Charges
import ConnectionPool
import LibPQ
import Logging
import Synchronization

/// The numbers of failed items, by operator, kind and code, since they were last taken. They are bounded, and counting
/// never blocks a call.
final class FailedItemCounts: Sendable {
    /// The key of one count.
    struct Key: Hashable, Sendable {
        let operatorIdentifier: OperatorIdentifier
        /// The kind of the action that failed, as the history names it.
        let kind: String
        let code: ItemFailureCode
    }

    /// The most keys that are kept. Failures under a further key are not counted.
    static let maximumKeys = 10_000
    private let counts = Mutex<[Key: Int]>([:])

    /// Counts the failures among the outcomes of a call.
    func add(_ outcomes: [ItemOutcome], operatorIdentifier: OperatorIdentifier, kind: String) {
        var failed: [Key: Int] = [:]
        for case .failed(let failure) in outcomes {
            failed[Key(operatorIdentifier: operatorIdentifier, kind: kind, code: failure.code), default: 0] +=
                1
        }
        if !failed.isEmpty { add(failed) }
    }

    /// Adds counts, for example those that were taken and could not be stored.
    func add(_ others: [Key: Int]) {
        counts.withLock { counts in
            for (key, count) in others where counts[key] != nil || counts.count < Self.maximumKeys {
                counts[key, default: 0] += count
            }
        }
    }

    /// Takes all counts, and leaves none here.
    func take() -> [Key: Int] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
    }
}

/// A decision repository that counts the items that failed in another repository. A call that failed as a whole counts
/// nothing: none of its items has an outcome. Neither does a dry run.
struct CountingDecisionRepository: DecisionRepository {
    let decisions: any DecisionRepository
    let failedItems: FailedItemCounts

    func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome] {
        let outcomes = try await decisions.decide(call)
        failedItems.add(
            outcomes, operatorIdentifier: call.operatorIdentifier, kind: call.action.rawValue)
        return outcomes
    }

    func dryRun(_ call: DecisionCall) async throws(RequestFailure) -> [DryRunOutcome] {
        try await decisions.dryRun(call)
    }
}

extension Statement where Input == [FailedItemCounts.Key: Int], Row == Void {
    /// Adds counts to those of the current hour, in the order of their keys, so that nodes do not deadlock.
    static let addFailedItems = Statement(
        "add_failed_items",
        """
        INSERT INTO countersign.failed_item_count (operator_id, counted_on, kind, error_code, count)
        SELECT operator_id, date_trunc('hour', hour.moment, 'UTC'), kind, error_code, count
        FROM unnest(\(\.operatorIdentifiers), \(\.kinds), \(\.codes), \(\.counts))
            AS failed (operator_id, kind, error_code, count)
        CROSS JOIN (SELECT clock_timestamp() OFFSET 0) AS hour (moment)
        ORDER BY operator_id, kind COLLATE "C", error_code COLLATE "C"
        ON CONFLICT (operator_id, counted_on, kind, error_code)
            DO UPDATE SET count = failed_item_count.count + excluded.count
        """)
}

/// The columns of counts, one array each, in the same order.
extension [FailedItemCounts.Key: Int] {
    fileprivate var operatorIdentifiers: [OperatorIdentifier] { keys.map(\.operatorIdentifier) }
    fileprivate var kinds: [String] { keys.map(\.kind) }
    fileprivate var codes: [ItemFailureCode] { keys.map(\.code) }
    fileprivate var counts: [Int] { Array(values) }
}

extension Store {
    /// Adds the counts of failed items to the database's, in a statement of its own. Counts that were not applied are
    /// kept for the next time. Counts that may have been applied are dropped, so that none is added twice.
    package func storeFailedItems(deadline: ContinuousClock.Instant) async {
        let counts = failedItems.take()
        guard !counts.isEmpty else { return }
        do {
            _ = try await pool.withConnection(deadline: deadline) { lease throws(PostgresError) in
                try lease.connection.run(.addFailedItems, counts, deadline: deadline)
            }
        } catch {
            guard case .failed(let cause) = error else { return failedItems.add(counts) }
            if cause.effect != .unknown { failedItems.add(counts) }
            logger.warning(
                "storing the counts of failed items failed",
                metadata: ["error": "\(cause.debugDescription)", "effect": "\(cause.effect)"])
        }
    }
}
