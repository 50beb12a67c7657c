import Charges
import ConnectionPool
import Glibc
import LibPQ
import Logging
import Synchronization
import Telemetry

/// An in-doubt commit: a batch whose COMMIT got no answer.
///
/// Looking for its rows proves nothing: the transaction may still be running, unread in a socket, or waiting for a
/// standby. Inserting its batch id does. Either the id was free and is taken now, so that the batch can never commit;
/// or the id is there, and the batch has committed.
struct InDoubtCommit: Sendable {
    let batch: DecisionBatch

    /// The resolution of an in-doubt commit.
    enum Resolution: Sendable {
        /// The batch did not commit, and never can.
        case aborted
        /// The batch committed, and decided these items, by their index in the batch. The other items failed, or had
        /// been decided before.
        case committed([Int: DecisionMade])

        /// The label of the resolution in the metrics.
        var label: String {
            switch self {
            case .aborted: "aborted"
            case .committed: "committed"
            }
        }
    }

    /// Resolves the commit, on a connection other than the one that was lost.
    func run(on lease: StoreConnection, deadline: ContinuousClock.Instant) throws(PostgresError) -> Resolution
    {
        let input = ResolveInput(
            lost: batch.identifier,
            fresh: .timeOrdered(millisecondsSince1970: WallClock.millisecondsSince1970))
        let taken = try lease.transact(.resolve, input, until: deadline)
        if taken.contains(batch.identifier) { return .aborted }
        let decisions = try lease.connection.run(.resolvedDecisions, batch, deadline: deadline)
        var found: [Int: DecisionMade] = [:]
        for (index, item) in batch.items.enumerated() {
            found[index] =
                decisions.first {
                    $0.operatorIdentifier == item.operatorIdentifier && $0.number == item.number
                }?.made
        }
        // If the id is there without a decision, an earlier resolution took it, and the answer to that resolution was
        // lost.
        return .committed(found)
    }
}

/// The resolver of in-doubt commits, which uses other connections and tries again until the deadline.
struct InDoubtCommitResolver: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger
    let metrics: MetricsRecorder
    private let unresolved = Unresolved()

    /// The commits that could not be resolved, counted by all copies of the resolver.
    private final class Unresolved: Sendable {
        let count = Mutex(0)
    }

    init(pool: ConnectionPool<StoreConnection>, logger: Logger, metrics: MetricsRecorder) {
        self.pool = pool
        self.logger = logger
        self.metrics = metrics
    }

    /// The number of commits that could not be resolved.
    var unresolvedCount: Int { unresolved.count.withLock { $0 } }

    /// Resolves an in-doubt commit.
    ///
    /// - Returns: `nil` if it could not be resolved before the deadline.
    func resolve(_ batch: DecisionBatch, deadline: ContinuousClock.Instant) async -> InDoubtCommit.Resolution?
    {
        let resolution = await attempt(InDoubtCommit(batch: batch), deadline: deadline)
        if resolution == nil { unresolved.count.withLock { $0 += 1 } }
        metrics.count(.unknownOutcomes, [resolution?.label ?? "unresolved"])
        return resolution
    }

    private func attempt(_ inDoubtCommit: InDoubtCommit, deadline: ContinuousClock.Instant) async
        -> InDoubtCommit.Resolution?
    {
        var retries = RetryDelay()
        repeat {
            do {
                return try await pool.withConnection(deadline: deadline) { lease throws(PostgresError) in
                    try inDoubtCommit.run(on: lease, deadline: deadline)
                }
            } catch {
                guard case .failed(let error) = error else { return nil }
                logger.warning(
                    "resolving an in-doubt commit failed",
                    metadata: .describing(error, batch: inDoubtCommit.batch)
                )
            }
        } while await retries.pause(before: deadline)
        return nil
    }
}

/// The input of `resolve`: the id of the batch in doubt, and a fresh one that makes this transaction one that writes.
struct ResolveInput: Sendable {
    let lost: PostgresUUID
    let fresh: PostgresUUID
}

extension Statement where Input == ResolveInput, Row == PostgresUUID {
    /// Takes the id of a batch in doubt, so that the batch can never commit, or finds that it did commit. It waits for
    /// the batch if that is still under way. The fresh id makes the commit of this statement a real one: once it is
    /// durable, so is everything before it, the batch in doubt included.
    static let resolve = Statement(
        "resolve",
        """
        INSERT INTO countersign.batch (batch_id, decisions) VALUES (\(\.lost), 0), (\(\.fresh), 0)
        ON CONFLICT DO NOTHING RETURNING batch_id
        """)
}

/// A decision or acknowledgement that a committed batch wrote.
struct ResolvedDecision: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let number: ExactText
    let made: DecisionMade
}

extension Statement where Input == DecisionBatch, Row == ResolvedDecision {
    /// The rows that a committed batch wrote to the history, found by the keys of its items.
    static let resolvedDecisions = Statement(
        "resolved_decisions",
        """
        SELECT history.operator_id, history.number, history.made_on, history.revision
        FROM unnest(\(\.items.operatorIdentifiers)::bigint[], \(\.items.numbers)::text[])
            AS asked (operator_id, number)
        JOIN countersign.charge_history AS history
            ON history.operator_id = asked.operator_id AND history.number = asked.number
        WHERE history.batch_id = \(\.identifier)
        """,
        decode: { row throws(PostgresError) in
            ResolvedDecision(
                operatorIdentifier: try row.next(), number: try row.next(), made: try row.nextDecisionMade())
        })
}

/// The time of day, for uses that need no exact clock.
enum WallClock {
    static var millisecondsSince1970: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
