/// The store of charges, as the provider uses it: charges in, decisions out, processing.
package protocol ProviderRepository: Sendable {
    /// Adds charges, each alone, and returns when the added ones are durable. Repeating the call is harmless.
    ///
    /// - Returns: The result of each charge, in the order of the call.
    /// - Throws: `RequestFailure`: `serviceUnavailable` if nothing was applied or will be, `outcomeUnknown` if that is
    ///   not known.
    func ingest(_ call: IngestCall) async throws(RequestFailure) -> [Result<IngestedCharge, ProviderFailure>]

    /// Takes, releases or processes charges, each alone, and returns when the successful items are durable.
    /// Repeating the call is harmless.
    ///
    /// - Returns: The failure of each item, in the order of the call; `nil` for an item that succeeded.
    /// - Throws: As `ingest`.
    func process(_ call: ProcessingCall) async throws(RequestFailure) -> [ProviderFailure?]

    /// One page of the feed. The feed has every decision that was committed before the call.
    ///
    /// - Parameter limit: The maximum number of decisions.
    /// - Throws: `RequestFailure`: `cursorExpired` for a cursor of an earlier epoch, `serviceUnavailable`.
    func decisions(_ start: FeedStart, limit: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> FeedPage
}

extension RequestFailure {
    /// The failure of a provider's call whose commit was sent and whose response was lost.
    package static let providerOutcomeUnknown = RequestFailure(
        .outcomeUnknown, "The outcome of the call is unknown; send the same call again.")
}
