package import Authentication
package import Charges
import LibPQ

/// The repository of signing keys on PostgreSQL.
package struct PostgresSigningKeyRepository: SigningKeyRepository {
    let reader: QueryRunner
    /// The runner for replicated reads. Such a read may wait for a standby, and must not keep the other readings
    /// waiting.
    let replicatedReader: QueryRunner
    /// The clock that each reading sets, since every node reads the keys several times a second.
    let clock: DatabaseClock

    package func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
    {
        let asked = ContinuousClock.now
        let rows =
            try await replicated
            ? replicatedReader.replicatedRows(.signingKeys, (), deadline: deadline)
            : reader.rows(.signingKeys, (), deadline: deadline)
        if let row = rows.first {
            clock.record(
                ServerClock(local: row.readAt, server: row.serverTime, uncertainty: row.readAt - asked))
        }
        return rows.map(\.key)
    }
}

/// A signing key, with the server's time at which it was read.
struct SigningKeyRow: Sendable {
    let key: SigningKey
    let serverTime: Timestamp
    /// The moment at which the answer was here.
    let readAt: ContinuousClock.Instant
}

extension Statement where Input == Void, Row == SigningKeyRow {
    static let signingKeys = Statement(
        "signing_keys",
        // A key signs until the next one does, and its last token expires two hours later. The third hour is for a
        // failover to a server whose clock differs.
        """
        SELECT identifier, secret, signs_from <= clock_timestamp() AS may_sign, clock_timestamp()
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
            let key = SigningKey(
                identifier: try row.next(), secret: try row.next(), maySign: try row.next())
            return SigningKeyRow(key: key, serverTime: try row.next(), readAt: .now)
        })
}
