package import Authentication
package import Charges
import LibPQ

/// The repository of signing keys on PostgreSQL.
package struct PostgresSigningKeyRepository: SigningKeyRepository {
    let reader: QueryRunner
    /// The runner for replicated reads. Such a read may wait for a standby, and must not keep the other readings
    /// waiting.
    let replicatedReader: QueryRunner

    package func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
    {
        try await replicated
            ? replicatedReader.replicatedRows(.signingKeys, (), deadline: deadline)
            : reader.rows(.signingKeys, (), deadline: deadline)
    }
}

extension Statement where Input == Void, Row == SigningKey {
    static let signingKeys = Statement(
        "signing_keys",
        // A key signs until the next one does, and its last token expires two hours later. The third hour is for nodes
        // whose clocks differ.
        """
        SELECT identifier, secret, signs_from <= clock_timestamp() AS may_sign
        FROM (
            SELECT
                identifier, secret, signs_from,
                lead(signs_from) OVER (ORDER BY signs_from, identifier) AS followed_on
            FROM countersign.signing_key
        ) AS signing_key
        WHERE followed_on IS NULL OR followed_on > clock_timestamp() - interval '3 hours'
        ORDER BY may_sign DESC, signs_from DESC, identifier DESC
        """,
        decode: { row throws(PostgresError) in
            SigningKey(
                identifier: try row.next(String.self), secret: try row.next([UInt8].self),
                maySign: try row.next(Bool.self))
        })
}
