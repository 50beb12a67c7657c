extension RequestFailure {
    /// The database cannot be used just now, or the service is full; nothing was applied.
    package static let serviceUnavailable = RequestFailure(
        .serviceUnavailable, "The service cannot take the call now and nothing of it was applied; try again.",
        retryAfterSeconds: 1)

    /// The operator has more calls waiting than its share of the queue.
    package static let operatorBeyondShare = RequestFailure(
        .rateLimited, "The operator has too many calls waiting; send fewer at a time.", retryAfterSeconds: 1)

    /// The call was read when its time was over already; nothing was applied.
    package static let tooLate = RequestFailure(
        .serviceUnavailable,
        "The call was read after its time was over, and nothing of it was applied; try again.",
        retryAfterSeconds: 1)

    /// A commit was sent and its answer was lost, and could not be settled in time.
    package static let outcomeUnknown = RequestFailure(
        .outcomeUnknown,
        "It is not known whether the call was applied; repeat it with the same Idempotency-Key.")

    /// The service failed in a way that it did not foresee. The log has the rest.
    package static let internalError = RequestFailure(
        .internalError, "The service failed; it is not known whether the call was applied.")
}
