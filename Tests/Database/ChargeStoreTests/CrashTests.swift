import ChargeStore
import Charges
import Glibc
import LibPQ
import Logging
import EmbeddedPostgres
import Synchronization
import TestSupport
import Testing

/// Tests of a database that is killed during many calls. Each call's answer is true afterwards, and calls succeed again
/// without intervention.
@Suite(.serialized) struct CrashTests {
    @Test("Answers stay true when a PostgreSQL backend is killed")
    func aBackendIsKilled() async throws {
        try await CrashScenario.run { server, session in
            let backend = try await session.texts(
                """
                SELECT pid::text FROM pg_stat_activity
                WHERE usename = 'countersign_node' AND state <> 'idle' UNION ALL
                SELECT pid::text FROM pg_stat_activity WHERE usename = 'countersign_node' LIMIT 1
                """
            ).first.flatMap { $0 }.flatMap { Int32($0) }
            kill(try #require(backend), SIGKILL)
        }
    }

    @Test("Answers stay true when the postmaster is killed and restarted")
    func thePostmasterIsKilled() async throws {
        try await CrashScenario.run { server, _ in
            server.kill()
            try server.start()
        }
    }
}

/// Many calls at once, and something that happens during them.
private struct CrashScenario {
    private static let charges = 2000
    private static let clients = 16

    static func run(
        _ disaster: @escaping @Sendable (EmbeddedPostgres, TestSession) async throws -> Void
    ) async throws {
        var configuration = EmbeddedPostgres.Configuration(directory: TestServer.makeDirectory())
        configuration.endsWithParent = true
        let server = try EmbeddedPostgres(configuration)
        try server.start()
        defer { server.kill() }
        let parameters = ConnectionParameters(server.connectionParameters(database: "postgres"))
        let session = TestSession(parameters)
        let database = TestDatabase(name: "postgres", session: session)
        let administration = try AdministrationSession(database: parameters.connectionString)
        _ = try administration.migrate()
        try administration.addOperator(
            code: "ACME", currency: "EUR", undecidedPolicy: .hold, undecidedWindowSeconds: 3600)
        try administration.addNodeLogin("countersign_node")
        administration.close()
        try await database.addCharges(charges, prefix: "N")

        var node = parameters
        node["user"] = "countersign_node"
        let store = try Store(
            StoreConfiguration(database: node.connectionString),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        store.start()
        let answers = await self.answers(store.decisions) { try? await disaster(server, session) }
        let after = TestSession(parameters)
        let decided = Set(
            try await after.texts("SELECT number FROM countersign.charge_history").compactMap(\.self))
        #expect(decided.count == (try await after.count("SELECT count(*) FROM countersign.charge_history")))
        var counts: [String: Int] = [:]
        for (number, answer) in answers {
            counts[answer, default: 0] += 1
            switch answer {
            case "OK": #expect(decided.contains(number), "\(number) was answered OK and is not there")
            case "OUTCOME_UNKNOWN": break
            default: #expect(!decided.contains(number), "\(number) was answered \(answer) and is there")
            }
        }
        #expect(answers.count == charges)
        #expect(counts["OK", default: 0] > charges / 2, "\(counts)")
        // The last call was made long after the crash, and succeeded.
        #expect(answers["N\(charges)"] == "OK", "\(counts)")
        await store.shutdown(deadline: .now + .patience)
        await after.close()
        await session.close()
    }

    /// Each charge's answer, from a call of its own.
    private static func answers(
        _ decisions: any DecisionRepository, disaster: @escaping @Sendable () async -> Void
    ) async -> [String: String] {
        let tally = ResultCounts()
        await withTaskGroup { group in
            for _ in 0..<clients {
                group.addTask {
                    while let number = tally.next(upTo: charges) {
                        tally.note(await answer(decisions, "N\(number)"), of: "N\(number)")
                    }
                }
            }
            group.addTask {
                try? await wait(until: { tally.begun >= charges / 4 })
                await disaster()
            }
        }
        return tally.answers
    }

    private static func answer(_ decisions: any DecisionRepository, _ number: String) async -> String {
        do throws(RequestFailure) {
            return try await decisions.decide(.accepting([.charge(number, reference: "R-" + number)]))
                .first?.text ?? "no answer"
        } catch {
            return error.code.rawValue
        }
    }
}

/// The charges that were asked for, and the answers.
private final class ResultCounts: Sendable {
    private let state = Mutex((begun: 0, answers: [String: String]()))

    var begun: Int { state.withLock { $0.begun } }
    var answers: [String: String] { state.withLock { $0.answers } }

    func next(upTo last: Int) -> Int? {
        state.withLock { state in
            guard state.begun < last else { return nil }
            state.begun += 1
            return state.begun
        }
    }

    func note(_ answer: String, of number: String) {
        state.withLock { $0.answers[number] = answer }
    }
}
