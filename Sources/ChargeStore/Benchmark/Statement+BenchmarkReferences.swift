import Charges
import LibPQ

/// Charges that are named by their counts, and take a reference number each.
struct BenchmarkReferences: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let counts: ClosedRange<Int>
    let tag: String
    /// The count of the first one's.
    let firstReference: Int
}

extension Statement where Input == BenchmarkReferences, Row == Void {
    static let takeBenchmarkReferences = Statement(
        "take_benchmark_references",
        """
        WITH decided AS (
            UPDATE countersign.charge
            SET revision = 2, decision = 'ACCEPTED', decided_on = now(), decision_made_by = 'operator',
                decision_reference_number = 'B-' || $4 || '-' || lpad(($5 + i - $2)::text, 10, '0')
            FROM generate_series($2, $3) AS i
            WHERE operator_id = $1 AND number = 'I' || lpad(i::text, 8, '0')
            RETURNING operator_id, number, decision_reference_number
        ), written AS (
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
            SELECT
                operator_id, number, 2, 'ACCEPTED', 'operator', now(), decision_reference_number, true,
                (SELECT gen_random_uuid())
            FROM decided
            RETURNING batch_id
        )
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch_id, count(*) FROM written GROUP BY batch_id
        """,
        parameters: [.int8, .int8, .int8, .text, .int8],
        bind: { references, parameters throws(PostgresError) in
            try parameters.append(references.operatorIdentifier.value)
            try parameters.append(Int64(references.counts.lowerBound))
            try parameters.append(Int64(references.counts.upperBound))
            try parameters.append(references.tag)
            try parameters.append(Int64(references.firstReference))
        })
}
