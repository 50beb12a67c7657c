package import Charges
import LibPQ

/// Operators, from the database.
package struct PostgresOperatorRepository: OperatorRepository {
    let reader: PoolReader

    package func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
    {
        guard !code.containsNul else { return nil }
        // A good account lets the call go on, which is proven by its own transaction; a suspended one ends it.
        let account = try await reader.rows(.operatorAccount, code, deadline: deadline).first
        if let account, !account.isSuspended { return account }
        return try await reader.replicatedRows(.operatorAccount, code, deadline: deadline).first
    }
}

extension Statement where Input == ExactText, Row == OperatorAccount {
    static let operatorAccount = Statement(
        "operator_account",
        """
        SELECT \(operatorAccountColumns)
        FROM countersign.operator
        WHERE code = $1
        """,
        parameters: [.text],
        bind: { code, parameters throws(PostgresError) in try parameters.append(code.string) },
        decode: { row throws(PostgresError) in try row.nextOperatorAccount() })
}

extension Statement {
    /// What `nextOperatorAccount` reads: the same wherever an operator is found, so that the same is known of it.
    static var operatorAccountColumns: String {
        """
        operator.operator_id, operator.code, operator.suspended_on IS NOT NULL, operator.error_http_status,
        operator.repeated_decision = 'success'
        """
    }
}

extension RowReader {
    mutating func nextOperatorAccount() throws(PostgresError) -> OperatorAccount {
        OperatorAccount(
            identifier: OperatorIdentifier(try next(Int64.self)), code: try next(String.self),
            isSuspended: try next(Bool.self),
            errorStatusPolicy: try next(String?.self).flatMap(ErrorStatusPolicy.init(rawValue:)),
            repeatedDecisionsSucceed: try next(Bool.self))
    }
}
