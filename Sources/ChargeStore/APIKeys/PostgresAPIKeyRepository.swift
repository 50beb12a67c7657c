package import Charges
import LibPQ

/// Web API keys, from the database.
package struct PostgresAPIKeyRepository: APIKeyRepository {
    let reader: PoolReader

    package func key(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> APIKeyAccount?
    {
        // No row is ever lost but by a failover: that there is none needs no proof, and a stranger's guess costs no commit.
        guard try await !reader.rows(.apiKeyAccount, hash, deadline: deadline).isEmpty else { return nil }
        return try await reader.replicatedRows(.apiKeyAccount, hash, deadline: deadline).first
    }
}

extension Statement where Input == [UInt8], Row == APIKeyAccount {
    static let apiKeyAccount = Statement(
        "api_key_account",
        """
        SELECT
            \(operatorAccountColumns),
            api_key.name, api_key.revoked_on IS NOT NULL, operator.token_generation, api_key.token_generation
        FROM countersign.api_key
        JOIN countersign.operator USING (operator_id)
        WHERE api_key.key_hash = $1
        """,
        parameters: [.bytea],
        bind: { hash, parameters throws(PostgresError) in try parameters.append(hash) },
        decode: { row throws(PostgresError) in
            let account = try row.nextOperatorAccount()
            return APIKeyAccount(
                operatorAccount: account, name: try row.next(String.self),
                isRevoked: try row.next(Bool.self), tokenGeneration: try row.nextTokenGeneration())
        })
}
