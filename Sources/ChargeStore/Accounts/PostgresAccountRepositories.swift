package import Authentication
package import Charges
import LibPQ

/// The operator repository on PostgreSQL.
package struct PostgresOperatorRepository: OperatorRepository {
    let reader: QueryRunner

    package func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
    {
        guard !code.containsNul else { return nil }
        // An active account lets the call continue, whose own transaction proves the row. A suspended account ends the
        // call.
        let account = try await reader.rows(.operatorAccount, code, deadline: deadline).first
        if let account, !account.isSuspended { return account }
        return try await reader.replicatedRows(.operatorAccount, code, deadline: deadline).first
    }
}

extension Statement where Input == ExactText, Row == OperatorAccount {
    static let operatorAccount = Statement(
        "operator_account",
        """
        SELECT \(raw: operatorAccountColumns)
        FROM countersign.operator
        WHERE code = \(\.self)
        """,
        decode: { row throws(PostgresError) in try row.nextOperatorAccount() })
}

extension Statement {
    /// The columns that `nextOperatorAccount` reads: the same for every way of finding an operator, so that all of them
    /// know the same of it.
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
            identifier: try next(), code: try next(), isSuspended: try next(),
            errorStatusPolicy: try next(String?.self).flatMap(ErrorStatusPolicy.init(rawValue:)),
            repeatedDecisionsSucceed: try next())
    }
}

/// The user repository on PostgreSQL.
package struct PostgresUserRepository: UserRepository {
    let reader: QueryRunner

    package func user(named username: ExactText, operatorCode: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> UserAccount?
    {
        guard !username.containsNul, !operatorCode.containsNul else { return nil }
        let key = UserKey(operatorCode: operatorCode, username: username)
        // Users are never deleted: a missing user needs no proof.
        guard try await !reader.rows(.userAccount, key, deadline: deadline).isEmpty else { return nil }
        return try await reader.replicatedRows(.userAccount, key, deadline: deadline).first
    }
}

/// The key of a user.
struct UserKey: Sendable {
    let operatorCode: ExactText
    let username: ExactText
}

extension Statement where Input == UserKey, Row == UserAccount {
    static let userAccount = Statement(
        "user_account",
        """
        SELECT
            \(raw: operatorAccountColumns),
            operator_user.username, operator_user.password_hash, operator_user.role,
            operator_user.suspended_on IS NOT NULL,
            operator.token_generation, operator_user.token_generation
        FROM countersign.operator
        JOIN countersign.operator_user USING (operator_id)
        WHERE operator.code = \(\.operatorCode) AND operator_user.username = \(\.username)
        """,
        decode: { row throws(PostgresError) in
            UserAccount(
                operatorAccount: try row.nextOperatorAccount(), username: try row.next(),
                passwordHash: try row.next(), role: try row.next(), isSuspended: try row.next(),
                tokenGeneration: try row.nextTokenGeneration())
        })
}

/// The repository of web API keys on PostgreSQL.
package struct PostgresAPIKeyRepository: APIKeyRepository {
    let reader: QueryRunner

    package func key(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> APIKeyAccount?
    {
        // Only a failover loses rows: a missing key needs no proof, and guessing keys costs no commit.
        guard try await !reader.rows(.apiKeyAccount, hash, deadline: deadline).isEmpty else { return nil }
        return try await reader.replicatedRows(.apiKeyAccount, hash, deadline: deadline).first
    }
}

extension Statement where Input == [UInt8], Row == APIKeyAccount {
    static let apiKeyAccount = Statement(
        "api_key_account",
        """
        SELECT
            \(raw: operatorAccountColumns),
            api_key.name, api_key.role, api_key.revoked_on IS NOT NULL, operator.token_generation, api_key.token_generation
        FROM countersign.api_key
        JOIN countersign.operator USING (operator_id)
        WHERE api_key.key_hash = \(\.self)
        """,
        decode: { row throws(PostgresError) in
            APIKeyAccount(
                operatorAccount: try row.nextOperatorAccount(), name: try row.next(),
                role: try row.next(), isRevoked: try row.next(),
                tokenGeneration: try row.nextTokenGeneration())
        })
}

/// The repository of the provider's keys on PostgreSQL.
package struct PostgresProviderKeyRepository: ProviderKeyRepository {
    let reader: QueryRunner

    package func providerKeyName(hash: [UInt8], deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> String?
    {
        // An active key lets the call continue, whose own transaction proves the row. A missing key needs no proof, so
        // guessing keys costs no commit. A revoked key ends the call.
        guard let key = try await reader.rows(.providerKey, hash, deadline: deadline).first else {
            return nil
        }
        if !key.isRevoked { return key.name }
        return try await reader.replicatedRows(.providerKey, hash, deadline: deadline).first {
            !$0.isRevoked
        }?.name
    }
}

/// One of the provider's keys.
struct ProviderKeyRow: Sendable {
    let name: String
    let isRevoked: Bool
}

extension Statement where Input == [UInt8], Row == ProviderKeyRow {
    static let providerKey = Statement(
        "provider_key",
        "SELECT name, revoked_on IS NOT NULL FROM countersign.provider_key WHERE key_hash = \(\.self)",
        row: ProviderKeyRow.init)
}
