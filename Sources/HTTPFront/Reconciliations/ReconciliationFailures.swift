package import Charges

extension ReconciliationFailure {
    /// The failure of the call.
    ///
    /// - Parameter number: The reconciliation that the call names, if it does.
    package func requestFailure(number: Int = 0) -> RequestFailure {
        switch self {
        case .tooMany:
            RequestFailure(
                .rateLimited, "The operator has too many reconciliations under way; wait until one is done.",
                retryAfterSeconds: 30)
        case .stillReceiving:
            RequestFailure(
                .serviceUnavailable, "The file of this Idempotency-Key is being received; try again.",
                retryAfterSeconds: 10)
        case .idempotencyKeyReused:
            RequestFailure(
                .idempotencyKeyReused,
                "The Idempotency-Key was used for another file or other parameters; use another key.")
        case .noSuchReconciliation: RequestFailure(.notFound, "The operator has no reconciliation \(number).")
        case .noSuchDifference(let identifier):
            RequestFailure(
                .notFound, "Reconciliation \(number) has no difference \(identifier). Nothing was closed.")
        case .noSuchStatement: RequestFailure(.notFound, "The operator has no such statement.")
        case .emptyPeriod: RequestFailure(.invalidParameter, "to must be later than from.")
        case .request(let failure): failure
        }
    }

    /// Runs a call of the repository, and throws its failure as the call's.
    package static func mapping<Value>(
        number: Int = 0, _ call: () async throws(ReconciliationFailure) -> Value
    ) async throws(RequestFailure) -> Value {
        do throws(ReconciliationFailure) {
            return try await call()
        } catch {
            throw error.requestFailure(number: number)
        }
    }
}
