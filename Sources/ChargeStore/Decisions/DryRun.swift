import Charges
import LibPQ
import Scheduling

/// A dry run of one call: a read-only transaction that judges its items by `countersign.expected_outcomes`, as the slow
/// path does, without locks. It sees what is committed, and waits for no other session.
struct DryRun: Sendable {
    let call: DecisionCall

    init(_ call: DecisionCall) {
        self.call = call
    }

    /// The outcome of each item, in the order of the call. They are replicated when this returns.
    func outcomes(from reader: QueryRunner) async throws(RequestFailure) -> [DryRunOutcome] {
        var known = DecisionPreflight(call.items).failures.map { $0.map(DryRunOutcome.failed) }
        let open = known.indices.filter { known[$0] == nil }
        if !open.isEmpty {
            let queued = QueuedCall(
                call, items: open, budget: DeadlineBudget(answerBy: call.deadline, keeping: .reading),
                clock: nil)
            let found = try await reader.replicatedRows(
                .expectedOutcomes, DecisionBatch(queued, lockWaitEnds: nil).items, deadline: call.deadline,
                share: .operator(call.operatorIdentifier.value), readOnly: true)
            for (item, outcome) in zip(open, found) { known[item] = outcome }
        }
        return known.compactMap(\.self)
    }
}

extension Statement where Input == [DecisionBatch.Item], Row == DryRunOutcome {
    /// Calls `countersign.expected_outcomes` (sql/migrations). It returns one row for each item, in order.
    static let expectedOutcomes = Statement(
        "expected_outcomes",
        """
        SELECT outcome, decided_on, revision, current_status, current_reference_number, other_number
        FROM countersign.expected_outcomes(
            \(\.operatorIdentifiers), \(\.idempotencyKeys), \(\.actions), \(\.numbers), \(\.customers),
            \(\.referenceNumbers), \(\.repeatsSucceed),
            deadlines => NULL, moment => NULL, locked => NULL, is_last_try => false)
        ORDER BY item
        """,
        decode: { row throws(PostgresError) in
            let outcome = try OutcomeRow(reading: &row)
            switch outcome.outcome {
            case "DECIDED": return .decidable(revision: outcome.made.revision)
            case "REPEATED", "UNCHANGED": return .repeated(outcome.made)
            default: return .failed(try outcome.failure())
            }
        })
}
