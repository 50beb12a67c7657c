import Charges
import Synchronization

/// A repository that records the queries it gets and returns the given charges.
final class FakeCharges: ChargeRepository {
    typealias Listing = @Sendable (ChargeListQuery) async throws(RequestFailure) -> ChargePage
    typealias Showing = @Sendable (ChargeName) async throws(RequestFailure) -> Charge?

    private let received = Mutex(
        (queries: [ChargeListQuery](), names: [ChargeName](), numbers: [[ExactText]]()))
    private let listing: Listing
    private let showing: Showing

    /// - Parameters:
    ///   - listing: The page for a query; without it, an empty list's.
    ///   - showing: The charge of a name; without it, there is none.
    init(
        listing: @escaping Listing = { (_) throws(RequestFailure) in ChargePage(charges: [], next: nil) },
        showing: @escaping Showing = { (_) throws(RequestFailure) in nil }
    ) {
        self.listing = listing
        self.showing = showing
    }

    /// The queries so far.
    var queries: [ChargeListQuery] { received.withLock { $0.queries } }
    /// The numbers whose charges were asked for together so far.
    var numbers: [[ExactText]] { received.withLock { $0.numbers } }
    /// The charges asked for so far.
    var names: [ChargeName] { received.withLock { $0.names } }

    func page(_ query: ChargeListQuery) async throws(RequestFailure) -> ChargePage {
        received.withLock { $0.queries.append(query) }
        return try await listing(query)
    }

    func charge(
        named name: ChargeName, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Charge? {
        received.withLock { $0.names.append(name) }
        return try await showing(name)
    }

    func records(
        numbered numbers: [ExactText], of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> [ChargeRecord] {
        received.withLock { $0.numbers.append(numbers) }
        var found: [ChargeRecord] = []
        for number in numbers {
            if let record = try await showing(.number(number))?.record { found.append(record) }
        }
        return found
    }
}
