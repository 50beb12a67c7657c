import ChargeStore
import Charges
import LibPQ
import TestSupport
import Testing

/// Tests of many clients at once on the same charges and references: there is exactly one winner each, and no call
/// fails because of the race. Each race is run again on a schema without the part that decides it, and must then be
/// lost.
@Suite(.serialized) struct RaceTests {
    static let clients = 32

    @Test("One charge wanted by 32 clients has one winner in each round", .database)
    func oneCharge() async throws {
        try await Race(.oneCharge, rounds: 1000).expectOneWinnerEach()
    }

    @Test("One reference number wanted by 32 clients has one winner in each round", .database)
    func oneReference() async throws {
        try await Race(.oneReference, rounds: 1000).expectOneWinnerEach()
    }

    @Test("Two reference numbers in opposite orders have one winner each, without deadlocks", .database)
    func crossedReferences() async throws {
        try await Race(.crossedReferences, rounds: 500).expectOneWinnerEach()
    }

    @Test("Two charges in opposite orders have one winner each, without deadlocks", .database)
    func crossedCharges() async throws {
        try await Race(.crossedCharges, rounds: 500).expectOneWinnerEach()
    }

    @Test("Two reference numbers wanted by accepts and acknowledgements have one winner each", .database)
    func crossedReferencesOfTwoKindsOfCall() async throws {
        try await Race(.crossedReferencesOfTwoCalls, rounds: 300).expectOneWinnerEach()
    }

    /// Nodes share nothing but the database, so three nodes are three stores.
    @Test(
        "Races across three nodes have one winner each",
        .database,
        arguments: [Race.Kind.oneCharge, .oneReference, .crossedReferences, .crossedCharges])
    func acrossThreeNodes(_ kind: Race.Kind) async throws {
        try await Race(kind, rounds: 200, nodes: 3).expectOneWinnerEach()
    }

    @Test("The race for a reference number is lost without the unique index", .database)
    func withoutTheUniqueIndexTheRaceForAReferenceIsLost() async throws {
        try await TestDatabase.current.session.execute(
            "DROP INDEX countersign.charge_history_operator_id_reference_number_key")
        let race = Race(.oneReference, rounds: 1000, nodes: 3)
        #expect(try await !race.problems(stopsAtFirst: true).isEmpty)
    }

    @Test("The race for a charge is lost without the row lock", .database)
    func withoutTheRowLockTheRaceForAChargeIsLost() async throws {
        // The key of the history's rows and a trigger would stop a second decision of the same number as well. Behind a view, each
        // transaction that saw a row undecided changes it, without a look at what it has become since.
        try await TestDatabase.current.session.execute(
            """
            ALTER TABLE countersign.charge_history DROP CONSTRAINT charge_history_pkey;
            DROP TRIGGER charge_revision ON countersign.charge;
            ALTER TABLE countersign.charge RENAME TO charge_itself;
            CREATE VIEW countersign.charge AS SELECT *, '0'::xid AS xmax FROM countersign.charge_itself;
            GRANT SELECT, UPDATE ON countersign.charge TO countersign_application;
            CREATE FUNCTION countersign.change_blindly() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE countersign.charge_itself
                SET revision = NEW.revision, decision = NEW.decision, decided_on = NEW.decided_on,
                    decision_made_by = NEW.decision_made_by,
                    decision_reference_number = NEW.decision_reference_number
                WHERE operator_id = OLD.operator_id AND number = OLD.number;
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER charge_change_blindly INSTEAD OF UPDATE ON countersign.charge
                FOR EACH ROW EXECUTE FUNCTION countersign.change_blindly()
            """)
        // One node alone keeps its own calls apart.
        let race = Race(.oneCharge, rounds: 1000, nodes: 3)
        #expect(try await !race.problems(stopsAtFirst: true).isEmpty)
    }
}

/// One kind of race, run for many rounds.
struct Race {
    enum Kind {
        /// All clients want the same charge, each under a reference of its own.
        case oneCharge
        /// All clients want the same reference, each for a charge of its own.
        case oneReference
        /// Half of the clients ask for the references in one order, half in the opposite order.
        case crossedReferences
        /// Half of the clients ask for the charges in one order, half in the opposite order.
        case crossedCharges
        /// All clients want the same two references, some for charges to acknowledge, some for charges to accept, each
        /// in one order or the other.
        case crossedReferencesOfTwoCalls

        var chargesPerRound: Int {
            switch self {
            case .oneCharge, .crossedCharges: 2
            case .crossedReferencesOfTwoCalls: 4
            case .oneReference, .crossedReferences: 2 * RaceTests.clients
            }
        }
    }

    let kind: Kind
    let rounds: Int
    /// The number of nodes that the clients are spread over.
    let nodes: Int
    let database = TestDatabase.current!

    init(_ kind: Kind, rounds: Int, nodes: Int = 1) {
        self.kind = kind
        self.rounds = rounds
        self.nodes = nodes
    }

    func expectOneWinnerEach() async throws {
        let problems = try await problems(stopsAtFirst: false)
        #expect(problems.first == nil, "and \(problems.count) problems in all")
        let deadlocks = try await database.session.count(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        #expect(deadlocks == 0)
    }

    /// The problems of each round.
    func problems(stopsAtFirst: Bool) async throws -> [String] {
        let chargesPerRound = kind.chargesPerRound
        try await database.addCharges(rounds * chargesPerRound, prefix: "N")
        if kind == .crossedReferencesOfTwoCalls {
            // The first two of each round are processed.
            try await database.session.execute(
                """
                UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now()
                WHERE (substr(number, 2)::int - 1) % 4 < 2
                """)
        }
        var problems: [String] = []
        try await withStores { (stores: [Store]) async throws in
            for round in 0..<rounds {
                let first = round * chargesPerRound + 1
                let answers = await answers(of: stores.map(\.decisions), first: first)
                problems += problemsOfRound(answers, first: first)
                if stopsAtFirst, !problems.isEmpty { break }
            }
            let twice = try await database.session.count(
                """
                SELECT count(*) FROM (
                    SELECT FROM countersign.charge_history GROUP BY operator_id, number HAVING count(*) > 1
                    UNION ALL
                    SELECT FROM countersign.charge_history WHERE reference_number IS NOT NULL
                    GROUP BY operator_id, reference_number HAVING count(*) > 1
                ) AS twice
                """)
            if twice > 0 { problems.append("\(twice) charges or references were taken twice") }
        }
        return problems
    }

    /// Runs a body with a store for each node.
    private func withStores(_ stores: [Store] = [], _ body: ([Store]) async throws -> Void) async throws {
        guard stores.count < nodes else { return try await body(stores) }
        try await database.withStore { (store: Store) async throws in
            try await withStores(stores + [store], body)
        }
    }

    private func answers(of nodes: [any DecisionRepository], first: Int) async
        -> [Result<[ItemOutcome], RequestFailure>]
    {
        await withTaskGroup { group in
            for client in 0..<RaceTests.clients {
                let items = items(of: client, first: first)
                let acknowledges = kind == .crossedReferencesOfTwoCalls && client % 4 < 2
                let action = acknowledges ? ChargeAction.acknowledge : .accept
                // Neighbours want the same charges or references in different orders, on every node.
                let decisions = nodes[client / 2 % nodes.count]
                group.addTask {
                    do throws(RequestFailure) {
                        return Result<[ItemOutcome], RequestFailure>.success(
                            try await decisions.decide(.call(action, items)))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func items(of client: Int, first: Int) -> [DecisionItem] {
        let isOdd = client % 2 == 1
        switch kind {
        case .oneCharge:
            return [.charge("N\(first)", reference: "R\(first)-\(client)")]
        case .oneReference:
            return [.charge("N\(first + client)", reference: "R\(first)")]
        case .crossedReferences:
            let (one, other) = isOdd ? ("A", "B") : ("B", "A")
            return [
                .charge("N\(first + 2 * client)", reference: "\(one)\(first)"),
                .charge("N\(first + 2 * client + 1)", reference: "\(other)\(first)"),
            ]
        case .crossedCharges:
            let items = [
                DecisionItem.charge("N\(first)", reference: "A\(first)-\(client)"),
                DecisionItem.charge("N\(first + 1)", reference: "B\(first)-\(client)"),
            ]
            return isOdd ? items : items.reversed()
        case .crossedReferencesOfTwoCalls:
            let mine = client % 4 < 2 ? first : first + 2
            let items = [
                DecisionItem.charge("N\(mine)", reference: "A\(first)"),
                DecisionItem.charge("N\(mine + 1)", reference: "B\(first)"),
            ]
            return isOdd ? items : items.reversed()
        }
    }

    private func problemsOfRound(_ answers: [Result<[ItemOutcome], RequestFailure>], first: Int) -> [String] {
        var winners = 0
        var problems: [String] = []
        for answer in answers {
            switch answer {
            case .success(let outcomes): winners += outcomes.count { $0.text == "OK" }
            case .failure(let failure): problems.append("round from \(first): \(failure.code)")
            }
        }
        let prizes = kind == .oneCharge || kind == .oneReference ? 1 : 2
        if winners != prizes { problems.append("round from \(first): \(winners) winners, not \(prizes)") }
        return problems
    }
}
