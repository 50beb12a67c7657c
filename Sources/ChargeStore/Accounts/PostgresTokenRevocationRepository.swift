package import Authentication
package import Charges
import ConnectionPool
import LibPQ
import Logging

/// The repository of token revocations on PostgreSQL.
package struct PostgresTokenRevocationRepository: TokenRevocationRepository {
    /// The runner for readings, with connections of its own: a node whose other connections are all busy must still
    /// learn which tokens are revoked.
    let reader: QueryRunner
    /// The runner for replicated reads. Such a read may wait for a standby, and must not keep the other readings
    /// waiting.
    let replicatedReader: QueryRunner
    let writingPool: ConnectionPool<StoreConnection>
    let logger: Logger

    package func revocations(
        after position: TokenRevocationPosition?, replicated: Bool, deadline: ContinuousClock.Instant
    )
        async throws(RequestFailure) -> TokenRevocationChanges
    {
        let rows =
            try await replicated
            ? replicatedReader.replicatedRows(.tokenRevocations, position, deadline: deadline)
            : reader.rows(.tokenRevocations, position, deadline: deadline)
        guard let first = rows.first else { throw .internalError }
        return TokenRevocationChanges(revocations: rows.compactMap(\.revocation), position: first.position)
    }

    package func revoke(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) {
        let token = RevokedToken(operatorIdentifier: operatorIdentifier, identifier: identifier)
        let isThere = try await writingPool.change(
            .revokeToken, token, doing: "revoking a token", deadline: deadline, logger: logger)
        guard isThere.first == true else { throw .tooManyRevokedTokens }
    }

    package func purgeExpired(deadline: ContinuousClock.Instant) async throws(RequestFailure) {
        _ = try await reader.rows(.purgeExpiredTokenRevocations, (), deadline: deadline)
    }
}

/// A row of a reading: the position that it has reached, and a revocation if there is one.
struct TokenRevocationRow: Sendable {
    let position: TokenRevocationPosition
    let revocation: (revocation: TokenRevocation, secondsLeft: Int)?
}

/// A token that is revoked.
struct RevokedToken: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let identifier: ExactText
}

extension Statement where Input == TokenRevocationPosition?, Row == TokenRevocationRow {
    /// Reads the token revocations of the last three hours that an earlier reading may have missed.
    ///
    /// The transactions below a snapshot's xmin had all ended when the snapshot was taken, so its reading has seen what
    /// they committed. What it may have missed came with that transaction or a later one. A server that was started
    /// since, or counts lower, may be another one: all of its revocations are read.
    ///
    /// A token is valid for two hours; the third hour is for a failover to a server whose clock differs.
    static let tokenRevocations = Statement(
        "token_revocations",
        """
        SELECT
            pg_postmaster_start_time(), snapshot.oldest_transaction,
            token_revocation.operator_id, token_revocation.kind, token_revocation.name, token_revocation.generation,
            extract(epoch FROM token_revocation.revoked_on + interval '3 hours' - now())::bigint
        FROM (
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_transaction
        ) AS snapshot
        LEFT JOIN countersign.token_revocation
            ON token_revocation.transaction_id >= CASE
                WHEN pg_postmaster_start_time() = \(\.?.serverStartedOn)
                    AND snapshot.oldest_transaction >= \(\.?.oldestTransaction)
                    THEN \(\.?.oldestTransaction)
                ELSE 0
            END
            AND token_revocation.revoked_on > now() - interval '3 hours'
        """,
        decode: { row throws(PostgresError) in
            let position = TokenRevocationPosition(
                serverStartedOn: try row.next(), oldestTransaction: try row.next())
            let operatorIdentifier = try row.next(OperatorIdentifier?.self)
            let kind = try row.next(String?.self)
            let name = try row.next(ExactText?.self) ?? ""
            let generation = try row.next(Int?.self) ?? 0
            let secondsLeft = try row.next(Int?.self) ?? 0
            guard let operatorIdentifier, let kind else {
                return TokenRevocationRow(position: position, revocation: nil)
            }
            let extent: TokenRevocation.Extent
            switch kind {
            case "token": extent = .token(name)
            case "login": extent = .login(name, generation: generation)
            case "operator": extent = .everything(generation: generation)
            default: throw .decoding("a token revocation of a kind that this build does not know")
            }
            let revocation = TokenRevocation(operatorIdentifier, extent)
            return TokenRevocationRow(position: position, revocation: (revocation, secondsLeft))
        })
}

extension Statement where Input == RevokedToken, Row == Bool {
    /// Revokes a token, unless the operator has revoked too many.
    ///
    /// The row says whether the token is revoked.
    static let revokeToken = Statement(
        "revoke_token",
        """
        WITH revoked AS (
            SELECT count(*) AS count
            FROM (
                SELECT FROM countersign.token_revocation
                WHERE operator_id = \(\.operatorIdentifier) AND revoked_on > clock_timestamp() - interval '3 hours'
                LIMIT \(raw: OperatorLimits.revokedTokens)
            ) AS recent
        ),
        added AS (
            INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
            SELECT \(\.operatorIdentifier), 'token', \(\.identifier), 0 FROM revoked WHERE revoked.count < \(raw: OperatorLimits.revokedTokens)
            ON CONFLICT (operator_id, kind, name, generation) DO NOTHING
        )
        SELECT revoked.count < \(raw: OperatorLimits.revokedTokens) FROM revoked
        """)
}

extension Statement where Input == Void, Row == Int64 {
    static let purgeExpiredTokenRevocations = Statement(
        "purge_expired_token_revocations", "SELECT countersign.purge_expired_token_revocations()")
}
