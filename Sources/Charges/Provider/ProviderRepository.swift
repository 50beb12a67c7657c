/// The provider's side of the charges: how they come in, are decided by policy, told of, and processed.
package protocol ProviderRepository: Sendable {
    /// Brings charges in, each alone, and returns when what came in is durable. The same call again is harmless.
    ///
    /// - Returns: What became of each charge, in the order of the call.
    /// - Throws: `RequestFailure`: `serviceUnavailable` when nothing was applied nor will be, `outcomeUnknown` when
    ///   that cannot be said.
    func ingest(_ call: IngestCall) async throws(RequestFailure) -> [Result<IngestedCharge, ProviderFailure>]

    /// Takes, releases or processes charges, each alone, and returns when what succeeded is durable. The same call
    /// again is harmless.
    ///
    /// - Returns: Each item's failure, in the order of the call; `nil` for what succeeded.
    /// - Throws: As `ingest`.
    func process(_ call: ProcessingCall) async throws(RequestFailure) -> [ProviderFailure?]

    /// Reads on in the feed. What was committed before the call is in it.
    ///
    /// - Parameter limit: How many decisions at most.
    /// - Throws: `RequestFailure`: `cursorExpired` for a cursor of an earlier epoch, `serviceUnavailable`.
    func decisions(_ start: FeedStart, limit: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> FeedPage
}

/// Where the provider's keys are kept.
package protocol ProviderKeyRepository: Sendable {
    /// The name of the key with this SHA-256, unless it is revoked; `nil` for none.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func providerKeyName(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> String?
}

extension RequestFailure {
    /// A commit was sent and its answer was lost.
    package static let providerOutcomeUnknown = RequestFailure(
        .outcomeUnknown, "It is not known whether the call was applied; send the same call again.")
}
