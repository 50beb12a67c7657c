import Charges
import ConnectionPool
import LibPQ

/// Finds out what became of a batch whose COMMIT got no answer.
///
/// Looking whether its rows are there proves nothing: the lost transaction may still be running, unread in a
/// socket, or waiting for a standby. Inserting its id does: either the id is free, and now taken, so that it
/// can never commit; or it is there, and the batch committed.
struct OutcomeSettlement: Sendable {
    let batch: DecisionBatch

    /// What became of the batch.
    enum Finding: Sendable {
        /// It did not commit, and never can.
        case neverCommits
        /// It committed, and by index in the batch this is what it decided. The other items failed, or were
        /// found decided already.
        case committed([Int: DecisionMade])

        /// How the metrics name it.
        var label: String {
            switch self {
            case .neverCommits: "never"
            case .committed: "committed"
            }
        }
    }

    /// Runs on a connection other than the one that was lost.
    func run(on lease: StoreConnection, deadline: ContinuousClock.Instant) throws(PostgresError) -> Finding {
        let input = SettleInput(
            lost: batch.identifier,
            fresh: .timeOrdered(millisecondsSince1970: WallClock.millisecondsSince1970))
        let taken = try lease.transact(.settle, input, until: deadline)
        if taken.contains(batch.identifier) { return .neverCommits }
        let decisions = try lease.connection.run(.settledDecisions, batch, deadline: deadline)
        var found: [Int: DecisionMade] = [:]
        for (index, entry) in batch.items.enumerated() {
            found[index] =
                decisions.first {
                    $0.operatorIdentifier == entry.operatorIdentifier && $0.number == entry.number
                }?.made
        }
        // Settled before, and the answer to that was lost: the id is there, and no decision under it.
        return .committed(found)
    }
}
