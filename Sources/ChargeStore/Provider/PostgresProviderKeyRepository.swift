package import Charges
import LibPQ

/// The provider's keys, from the database.
package struct PostgresProviderKeyRepository: ProviderKeyRepository {
    let reader: PoolReader

    package func providerKeyName(hash: [UInt8], deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> String?
    {
        // A good key lets the call go on, which is proven by its own transaction; a revoked one ends it.
        if let name = try await reader.rows(.providerKeyName, hash, deadline: deadline).first { return name }
        return try await reader.replicatedRows(.providerKeyName, hash, deadline: deadline).first
    }
}

extension Statement where Input == [UInt8], Row == String {
    static let providerKeyName = Statement(
        "provider_key_name",
        "SELECT name FROM countersign.provider_key WHERE key_hash = $1 AND revoked_on IS NULL",
        parameters: [.bytea],
        bind: { hash, parameters throws(PostgresError) in try parameters.append(hash) },
        decode: { row throws(PostgresError) in try row.next(String.self) })
}
