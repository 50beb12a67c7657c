import Charges
import LibPQ

/// How far the ends can be read, and one of them if there is any.
struct TokenEndRow: Sendable {
    let position: TokenEndPosition
    let end: (end: TokenEnd, secondsLeft: Int)?
}

/// One token that ends.
struct EndedToken: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let identifier: ExactText
}

extension Statement where Input == TokenEndPosition?, Row == TokenEndRow {
    /// The transactions below the snapshot's xmin were all over when the snapshot was taken, so it has seen what
    /// they committed; what it may not have seen came with that transaction or a later one. A server that was
    /// started since, or counts lower, may be another one: it is read as a whole.
    ///
    /// Three hours: a token is good for two, and one is for nodes whose clocks differ.
    static let tokenEnds = Statement(
        "token_ends",
        """
        SELECT
            pg_postmaster_start_time(), snapshot.oldest_transaction,
            token_end.operator_id, token_end.kind, token_end.name, token_end.generation,
            extract(epoch FROM token_end.ended_on + interval '3 hours' - now())::bigint
        FROM (
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_transaction
        ) AS snapshot
        LEFT JOIN countersign.token_end
            ON token_end.transaction_id >= CASE
                WHEN pg_postmaster_start_time() = $1 AND snapshot.oldest_transaction >= $2 THEN $2
                ELSE 0
            END
            AND token_end.ended_on > now() - interval '3 hours'
        """,
        parameters: [.timestamptz, .int8],
        bind: { position, parameters throws(PostgresError) in
            try parameters.append(timestamp: position?.serverStartedOn.microsecondsSince2000)
            try parameters.append(position?.oldestTransaction)
        },
        decode: { row throws(PostgresError) in
            let position = TokenEndPosition(
                serverStartedOn: try row.nextTimestamp(), oldestTransaction: try row.next(Int64.self))
            let operatorIdentifier = try row.next(Int64?.self)
            let kind = try row.next(String?.self)
            let name = ExactText(try row.next(String?.self) ?? "")
            let generation = Int(try row.next(Int32?.self) ?? 0)
            let secondsLeft = Int(try row.next(Int64?.self) ?? 0)
            guard let operatorIdentifier, let kind else { return TokenEndRow(position: position, end: nil) }
            let extent: TokenEnd.Extent
            switch kind {
            case "token": extent = .token(name)
            case "login": extent = .login(name, generation: generation)
            case "operator": extent = .everything(generation: generation)
            default: throw .decoding("an end of tokens of a kind that this build does not know")
            }
            let end = TokenEnd(OperatorIdentifier(operatorIdentifier), extent)
            return TokenEndRow(position: position, end: (end, secondsLeft))
        })
}

extension Statement where Input == EndedToken, Row == Bool {
    /// Each node keeps an operator's ended tokens in memory, so there are only so many.
    static let endToken = Statement(
        "end_token",
        """
        WITH ended AS (
            SELECT count(*) AS count
            FROM (
                SELECT FROM countersign.token_end
                WHERE operator_id = $1 AND ended_on > clock_timestamp() - interval '3 hours'
                LIMIT 50000
            ) AS recent
        ),
        added AS (
            INSERT INTO countersign.token_end (operator_id, kind, name, generation)
            SELECT $1, 'token', $2, 0 FROM ended WHERE ended.count < 50000
            ON CONFLICT (operator_id, kind, name, generation) DO NOTHING
        )
        SELECT ended.count < 50000 FROM ended
        """,
        parameters: [.int8, .text],
        bind: { token, parameters throws(PostgresError) in
            try parameters.append(token.operatorIdentifier.value)
            try parameters.append(token.identifier.string)
        },
        decode: { row throws(PostgresError) in try row.next(Bool.self) })
}

extension Statement where Input == Void, Row == Int64 {
    static let forgetTokenEnds = Statement(
        "forget_token_ends", "SELECT countersign.forget_token_ends()",
        decode: { row throws(PostgresError) in try row.next(Int64.self) })
}
