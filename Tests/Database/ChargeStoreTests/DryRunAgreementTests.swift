import ChargeStore
import Charges
import Foundation
import TestSupport
import Testing

/// Tests that a dry run and the real call that follows it have the same results, on random charges and calls.
/// `COUNTERSIGN_TEST_SEED` replays a run, and `COUNTERSIGN_TEST_BATCHES` says how many calls it has;
/// scripts/long-tests/dry-run has 10,000.
@Suite struct DryRunAgreementTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds: [UInt64] =
        environment["COUNTERSIGN_TEST_SEED"].flatMap(UInt64.init).map { [$0] }
        ?? [1, 2, 3, .random(in: 0 ... .max)]
    private static let batches = environment["COUNTERSIGN_TEST_BATCHES"].flatMap(Int.init) ?? 1000
    /// The number of calls on the same charges.
    private static let batchesPerWorld = 20

    @Test(
        "A dry run gives each item the result of the real call that follows, and changes nothing", .database,
        arguments: seeds)
    func agreement(seed: UInt64) async throws {
        var results = Results()
        let problem = try await problem(seed, batches: Self.batches / Self.seeds.count, &results)
        #expect(problem == nil, "COUNTERSIGN_TEST_SEED=\(seed) replays it")
        // What never happens is not tested.
        if Self.batches >= 1000, Self.seeds.count > 1 { #expect(results.missing == []) }
    }

    /// The other test notices a wrong rule. The fast path takes the first of the items with the same reference number,
    /// whatever the function says.
    @Test("A dry run that ranks the items of a call otherwise disagrees with the real call", .database)
    func disagreement() async throws {
        try await TestDatabase.current.session.execute(
            """
            DO $$
            BEGIN
                EXECUTE replace(
                    pg_get_functiondef('countersign.expected_outcomes'::regproc),
                    'NOT is_locked, item)', 'NOT is_locked, item DESC)');
            END
            $$
            """)
        var results = Results()
        let problem = try await problem(1, batches: 200, &results)
        #expect(problem?.contains("referenceNumberInUse") == true)
    }

    /// Makes random calls, each after its dry run.
    ///
    /// - Returns: The first call that has other results than its dry run, or whose dry run changed something.
    private func problem(_ seed: UInt64, batches: Int, _ results: inout Results) async throws -> String? {
        let database = TestDatabase.current!
        var generator = SeededGenerator(seed: seed)
        var world = DryRunWorld(index: 0)
        let contents = try await DatabaseContents(of: database)
        var problem: String?
        try await database.withStore { (store: Store) async throws in
            for batch in 0..<batches where problem == nil {
                if batch % Self.batchesPerWorld == 0 {
                    world = DryRunWorld(index: batch / Self.batchesPerWorld)
                    try await world.addCharges(to: database)
                    try await database.session.execute(world.changes(12, using: &generator))
                } else {
                    try await database.session.execute(world.changes(1, using: &generator))
                }
                let call = world.nextCall(using: &generator)
                let isCompared = batch % 10 == 0
                let before = isCompared ? try await contents.read() : ""
                let expected = try await store.decisions.dryRun(call)
                let isSame = isCompared ? try await contents.read() == before : true
                let outcomes = try await store.decisions.decide(call)
                if !isSame {
                    problem = "batch \(batch), \(call): the dry run changed something"
                } else if !results.add(call, expected, outcomes) {
                    problem = "batch \(batch), \(call): \(expected) before \(outcomes)"
                }
            }
        }
        return problem
    }

    /// The results that were seen.
    private struct Results {
        /// A decision or acknowledgement that a call has made.
        private struct Made: Hashable {
            let operatorIdentifier: OperatorIdentifier
            let number: ExactText
            let microseconds: Int64
        }

        private var made: Set<Made> = []
        private var seen: Set<String> = []

        /// The results that were not seen. No charge is locked here.
        var missing: Set<String> {
            Set(ItemFailureCode.allCases.map(\.rawValue) + ["decidable", "repeated"])
                .subtracting(seen).subtracting([ItemFailureCode.chargeLocked.rawValue])
        }

        /// Adds the results of a call.
        ///
        /// - Returns: Whether the dry run and the real call agree on each item.
        mutating func add(_ call: DecisionCall, _ expected: [DryRunOutcome], _ outcomes: [ItemOutcome])
            -> Bool
        {
            guard expected.count == call.items.count, outcomes.count == call.items.count else { return false }
            return zip(call.items, zip(expected, outcomes)).allSatisfy { item, results in
                switch results {
                case (.failed(let failure), .failed(let real)):
                    seen.insert(real.code.rawValue)
                    return failure.code == real.code && failure.description == real.description
                case (.repeated(let decision), .decided(let real)):
                    seen.insert("repeated")
                    return decision == real && made.contains(key(call, item, real))
                case (.decidable(let revision), .decided(let real)):
                    seen.insert("decidable")
                    return revision == real.revision && made.insert(key(call, item, real)).inserted
                default: return false
                }
            }
        }

        private func key(_ call: DecisionCall, _ item: DecisionItem, _ decision: DecisionMade) -> Made {
            Made(
                operatorIdentifier: call.operatorIdentifier, number: item.number,
                microseconds: decision.decidedOn.microsecondsSince2000)
        }
    }
}
