import Authentication
import Charges
import Synchronization

/// A provider's side that keeps the calls it gets, lets everything through, and knows one key.
final class FakeProvider: ProviderRepository, ProviderKeyRepository {
    static let key = ProviderKey.random()

    /// What has been asked so far.
    struct Received {
        var ingested: [IngestCall] = []
        var processed: [ProcessingCall] = []
        var read: [(start: FeedStart, limit: Int)] = []
    }

    private let state = Mutex(Received())
    var received: Received { state.withLock { $0 } }
    private let failure: ProviderFailure?

    /// - Parameter failure: What every item fails with, if it does.
    init(failure: ProviderFailure? = nil) {
        self.failure = failure
    }

    func ingest(_ call: IngestCall) async throws(RequestFailure) -> [Result<IngestedCharge, ProviderFailure>]
    {
        state.withLock { $0.ingested.append(call) }
        return call.charges.indices.map { index in
            failure.map(Result.failure)
                ?? .success(IngestedCharge(number: ExactText("I0000000\(index)"), wasCreated: index == 0))
        }
    }

    func process(_ call: ProcessingCall) async throws(RequestFailure) -> [ProviderFailure?] {
        state.withLock { $0.processed.append(call) }
        return call.items.map { _ in failure }
    }

    func decisions(_ start: FeedStart, limit: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> FeedPage
    {
        state.withLock { $0.read.append((start, limit)) }
        let decision = PublishedDecision(
            position: 7, operatorCode: "acme", number: "I1", providerChargeIdentifier: nil,
            decision: .accepted,
            revision: 2, isByPolicy: true, decidedOn: FakeDecisions.made.decidedOn)
        return FeedPage(
            decisions: [decision],
            next: FeedCursor(epoch: String(repeating: "a", count: 32), position: 7, batch: 1))
    }

    func providerKeyName(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> String?
    {
        hash == Self.key.hash ? "bridge" : nil
    }
}
