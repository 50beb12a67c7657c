package import Charges
import LibPQ

/// Operators, from the database.
package struct PostgresOperatorRepository: OperatorRepository {
    let reader: PoolReader

    package func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
    {
        guard !code.containsNul else { return nil }
        return try await reader.rows(.operatorAccount, code, deadline: deadline).first
    }
}

extension Statement where Input == ExactText, Row == OperatorAccount {
    static let operatorAccount = Statement(
        "operator_account",
        """
        SELECT
            operator_id, code, suspended_on IS NOT NULL, error_http_status, repeated_decision = 'success'
        FROM countersign.operator
        WHERE code = $1
        """,
        parameters: [.text],
        bind: { code, parameters throws(PostgresError) in try parameters.append(code.string) },
        decode: { row throws(PostgresError) in
            OperatorAccount(
                identifier: OperatorIdentifier(try row.next(Int64.self)), code: try row.next(String.self),
                isSuspended: try row.next(Bool.self),
                errorStatusPolicy: try row.next(String?.self).flatMap(ErrorStatusPolicy.init(rawValue:)),
                repeatedDecisionsSucceed: try row.next(Bool.self))
        })
}
