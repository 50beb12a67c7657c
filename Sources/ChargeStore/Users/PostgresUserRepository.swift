package import Charges
import LibPQ

/// Users, from the database.
package struct PostgresUserRepository: UserRepository {
    let reader: PoolReader

    package func user(named username: ExactText, operatorCode: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> UserAccount?
    {
        guard !username.containsNul, !operatorCode.containsNul else { return nil }
        let key = UserKey(operatorCode: operatorCode, username: username)
        return try await reader.replicatedRows(.userAccount, key, deadline: deadline).first
    }
}

/// What names a user.
struct UserKey: Sendable {
    let operatorCode: ExactText
    let username: ExactText
}

extension Statement where Input == UserKey, Row == UserAccount {
    static let userAccount = Statement(
        "user_account",
        """
        SELECT
            \(operatorAccountColumns),
            operator_user.username, operator_user.password_hash, operator_user.suspended_on IS NOT NULL,
            operator.token_generation, operator_user.token_generation
        FROM countersign.operator
        JOIN countersign.operator_user USING (operator_id)
        WHERE operator.code = $1 AND operator_user.username = $2
        """,
        parameters: [.text, .text],
        bind: { key, parameters throws(PostgresError) in
            try parameters.append(key.operatorCode.string)
            try parameters.append(key.username.string)
        },
        decode: { row throws(PostgresError) in
            let account = try row.nextOperatorAccount()
            return UserAccount(
                operatorAccount: account, username: try row.next(String.self),
                passwordHash: try row.next(String.self), isSuspended: try row.next(Bool.self),
                tokenGeneration: try row.nextTokenGeneration())
        })
}
