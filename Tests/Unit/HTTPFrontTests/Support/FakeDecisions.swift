import Charges
import Synchronization

/// A repository that records the calls it gets and returns the given outcomes.
final class FakeDecisions: DecisionRepository {
    typealias Deciding = @Sendable (DecisionCall) async throws(RequestFailure) -> [ItemOutcome]
    typealias DryRunning = @Sendable (DecisionCall) async throws(RequestFailure) -> [DryRunOutcome]

    /// The default decision.
    static let made = DecisionMade(
        decidedOn: Timestamp(microsecondsSince2000: 848_732_400_999_999), revision: 1)

    private let received = Mutex<[DecisionCall]>([])
    private let receivedDryRuns = Mutex<[DecisionCall]>([])
    private let deciding: Deciding
    private let dryRunning: DryRunning

    /// - Parameters:
    ///   - deciding: The outcomes of a call; without it, all that the rules without a database let through is decided.
    ///   - dryRun: The outcomes of a dry run; without it, all that these rules let through would be decided.
    init(
        _ deciding: @escaping Deciding = { (call) throws(RequestFailure) in FakeDecisions.preflight(call) },
        dryRun: @escaping DryRunning = { (call) throws(RequestFailure) in
            DecisionPreflight(call.items).failures.map {
                $0.map(DryRunOutcome.failed) ?? .decidable(revision: 1)
            }
        }
    ) {
        self.deciding = deciding
        dryRunning = dryRun
    }

    /// The calls so far.
    var calls: [DecisionCall] { received.withLock { $0 } }
    /// The calls so far whose dry runs were asked for.
    var dryRuns: [DecisionCall] { receivedDryRuns.withLock { $0 } }

    func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome] {
        received.withLock { $0.append(call) }
        return try await deciding(call)
    }

    func dryRun(_ call: DecisionCall) async throws(RequestFailure) -> [DryRunOutcome] {
        receivedDryRuns.withLock { $0.append(call) }
        return try await dryRunning(call)
    }

    /// Decides what the domain's own rules, which need no database, do not refuse.
    static func preflight(_ call: DecisionCall) -> [ItemOutcome] {
        DecisionPreflight(call.items).failures.map { $0.map(ItemOutcome.failed) ?? .decided(made) }
    }

    /// A repository that refuses every call.
    static func refusing(_ failure: RequestFailure) -> FakeDecisions {
        FakeDecisions { (_) throws(RequestFailure) in throw failure }
    }
}
