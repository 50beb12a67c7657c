package import Charges
import ConnectionPool
import LibPQ
import Logging

/// The ends of tokens, in the database.
package struct PostgresTokenEndRepository: TokenEndRepository {
    /// Reading has connections of its own: a node whose other ones are all busy must not forget who may call.
    let reader: PoolReader
    let writingPool: ConnectionPool<StoreConnection>
    let logger: Logger

    package func ends(after position: TokenEndPosition?, replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> TokenEndReading
    {
        let rows =
            try await replicated
            ? reader.replicatedRows(.tokenEnds, position, deadline: deadline)
            : reader.rows(.tokenEnds, position, deadline: deadline)
        guard let first = rows.first else { throw .internalError }
        return TokenEndReading(ends: rows.compactMap(\.end), position: first.position)
    }

    package func end(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) {
        let end = EndedToken(operatorIdentifier: operatorIdentifier, identifier: identifier)
        let isThere: Bool
        do {
            isThere = try await writingPool.withConnection(deadline: deadline) {
                lease throws(PostgresError) in
                // A token that was ended before is answered by what was read.
                try lease.readReplicated(.endToken, end, deadline: deadline).first == true
            }
        } catch {
            guard case .failed(let cause) = error else { throw error.requestFailure }
            logger.warning(
                "a token could not be ended",
                metadata: ["error": "\(cause.debugDescription)", "effect": "\(cause.effect)"])
            throw cause.effect == .unknown ? .outcomeUnknown : cause.requestFailure
        }
        guard isThere else {
            throw RequestFailure(
                .rateLimited, "The operator has released too many tokens; let them expire instead.",
                retryAfterSeconds: 60)
        }
    }

    package func forgetOldEnds(deadline: ContinuousClock.Instant) async throws(RequestFailure) {
        _ = try await reader.rows(.forgetTokenEnds, (), deadline: deadline)
    }
}
