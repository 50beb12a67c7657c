import Charges
import ConnectionPool
import LibPQ

/// Decides a batch together: what nothing stands in the way of in one transaction and one round trip; then, by reading,
/// what stands in the way of the rest. On the thread that owns the connection.
struct TogetherTransaction: Sendable {
    /// In the order of their keys, with no charge and no reference twice; acknowledgements with their like alone.
    let batch: DecisionBatch

    /// - Returns: By item, what became of it; `nil` for what could not be said: it was held by somebody else, or is
    ///   to be judged by itself. Nothing was applied to it.
    /// - Throws: `PostgresError`; its `effect` tells whether the batch may have been applied.
    func run(on lease: StoreConnection) throws(PostgresError) -> [DecisionVerdict?] {
        var verdicts = try decide(on: lease)
        let open = verdicts.indices.filter { verdicts[$0] == nil }
        guard !open.isEmpty else { return verdicts }
        // What was decided is durable, so an error of this reading is none of the batch.
        do throws(PostgresError) {
            let found = try lease.readReplicated(
                .judge, open.map { batch.items[$0] }, deadline: batch.deadline + StoreConnection.answerMargin)
            for (index, verdict) in zip(open, found) { verdicts[index] = verdict }
        } catch  where error.effect == .unknown {
            // It was read, and may not be replicated. Who has time is judged by another transaction.
            for index in open where batch.items[index].asked.deadline <= .now {
                verdicts[index] = .notReplicated
            }
        } catch {}
        return verdicts
    }

    private func decide(on lease: StoreConnection) throws(PostgresError) -> [DecisionVerdict?] {
        let isAcknowledging = batch.items.first?.action == .acknowledge
        let decided = try lease.transact(
            isAcknowledging ? .acknowledgeTogether : .decideTogether,
            DecideInput(batch: batch, clock: lease.clock), until: batch.deadline, limit: .limitTogether)
        var verdicts = [DecisionVerdict?](repeating: nil, count: batch.items.count)
        for row in decided { verdicts[row.index] = .outcome(.decided(row.made)) }
        return verdicts
    }
}
