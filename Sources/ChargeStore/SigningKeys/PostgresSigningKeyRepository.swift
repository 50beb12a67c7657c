package import Charges
import LibPQ

/// The keys that sign tokens, from the database.
package struct PostgresSigningKeyRepository: SigningKeyRepository {
    let reader: PoolReader

    package func signingKeys(deadline: ContinuousClock.Instant) async throws(RequestFailure) -> [SigningKey] {
        try await reader.rows(.signingKeys, (), deadline: deadline)
    }
}

extension Statement where Input == Void, Row == SigningKey {
    static let signingKeys = Statement(
        "signing_keys",
        "SELECT identifier, secret FROM countersign.signing_key ORDER BY created_on DESC, identifier",
        decode: { row throws(PostgresError) in
            SigningKey(identifier: try row.next(String.self), secret: try row.next([UInt8].self))
        })
}
