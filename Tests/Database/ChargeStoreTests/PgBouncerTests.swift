import Authentication
import ChargeStore
import Charges
import LibPQ
import Logging
import Synchronization
import TestSupport
import Testing

/// Tests of a node behind Debian's PgBouncer.
@Suite struct PgBouncerTests {
    private let database = TestDatabase.current!

    private func connectionString(_ pooler: PgBouncer) -> String {
        var parameters = database.applicationParameters
        parameters["host"] = "127.0.0.1"
        parameters["port"] = "\(pooler.port)"
        return parameters.connectionString
    }

    /// Decides many charges, a call each, from several callers at a time.
    ///
    /// - Parameter midway: Work that one of the callers does in the middle.
    /// - Returns: Each charge's outcome or the call's failure.
    private func decideMany(
        through store: Store, midway: () async throws -> Void = {}
    ) async throws -> [String: String] {
        let answers = Mutex<[String: String]>([:])
        let decisions = store.decisions
        let decide: @Sendable (String) async -> Void = { number in
            var answer: String
            do throws(RequestFailure) {
                answer = try await decisions.decide(.accepting([.charge(number)])).first?.text ?? ""
            } catch {
                answer = error.code.rawValue
            }
            answers.withLock { $0[number] = answer }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<8 {
                group.addTask { for turn in 1...40 { await decide("N\(caller * 40 + turn)") } }
            }
            // The callers have begun, and most of their calls are still to come.
            await decide("N321")
            try await midway()
            try await group.waitForAll()
        }
        return answers.withLock { $0 }
    }

    private func decided() async throws -> [String?] {
        try await database.session.texts(
            "SELECT number FROM countersign.charge_history WHERE revision = 1 ORDER BY number")
    }

    @Test(
        "A node in front of a pooler in transaction mode decides, and no answer is wrong after a restart",
        .database)
    func transactionModeServes() async throws {
        try await database.addCharges(321, prefix: "N")
        let pooler = try PgBouncer(mode: "transaction", sessions: 3)
        try await pooler.start()
        let connectionString = connectionString(pooler)
        try await database.withStore(configure: {
            $0.database = connectionString
            $0.pooler = .transaction
        }) { (store: Store) async throws in
            let answers = try await decideMany(through: store) {
                pooler.stop()
                try await pooler.start()
            }
            let decided = try await decided()
            #expect(Set(decided).count == decided.count)
            for (number, answer) in answers {
                switch answer {
                case "OK": #expect(decided.contains(number))
                case "OUTCOME_UNKNOWN": break
                default: #expect(answer == "SERVICE_UNAVAILABLE" && !decided.contains(number), "\(number)")
                }
            }
            // Calls after the restart succeed.
            #expect(answers["N40"] == "OK")
        }
    }

    @Test("Lists and decisions share the one session of a pooler, and neither acts as the other", .database)
    func readsLeaveTheSessionAsItWas() async throws {
        try await database.addCharges(40, prefix: "N")
        try await database.addCharges(3, prefix: "G", operatorIdentifier: 2)
        let pooler = try PgBouncer(mode: "transaction", sessions: 1)
        try await pooler.start()
        let connectionString = connectionString(pooler)
        try await database.withStore(configure: {
            $0.database = connectionString
            $0.pooler = .transaction
        }) { (store: Store) async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...40 {
                    group.addTask {
                        let account = number % 2 == 0 ? TestDatabase.acme : TestDatabase.globex
                        let page = try await store.charges.page(
                            ChargeListQuery(
                                operatorIdentifier: account.identifier,
                                filter: ChargeListFilter(isProcessed: false), start: .after(nil), count: 50,
                                deadline: .now + .patience))
                        #expect(page.charges.count == (number % 2 == 0 ? 40 : 3))
                        let outcomes = try await store.decisions.decide(.accepting([.charge("N\(number)")]))
                        #expect(outcomes.map(\.text) == ["OK"])
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await decided().count == 40)
        }
    }

    @Test("A node in front of a pooler in session mode needs no setting", .database)
    func sessionModeServes() async throws {
        try await database.addCharges(321, prefix: "N")
        let pooler = try PgBouncer(mode: "session", sessions: 20)
        try await pooler.start()
        let connectionString = connectionString(pooler)
        try await database.withStore(configure: { $0.database = connectionString }) {
            (store: Store) async throws in
            let answers = try await decideMany(through: store)
            #expect(answers.values.allSatisfy { $0 == "OK" })
            #expect(try await decided().count == 321)
        }
    }

    @Test("Without the setting, the log says what to change for a pooler in transaction mode", .database)
    func theLogNamesTheSetting() async throws {
        let pooler = try PgBouncer(mode: "transaction", sessions: 1)
        try await pooler.start()
        let log = ErrorLog()
        let store = try Store(
            StoreConfiguration(database: connectionString(pooler)),
            logger: Logger(label: "test") { _ in log })
        store.start()
        let errors = log.errors
        try await wait(until: {
            errors.texts.contains { $0.contains("set database-pooler to transaction") }
        })
        await store.shutdown(deadline: .now + .patience)
    }
}

/// A log that keeps the field `error` of its entries.
private struct ErrorLog: LogHandler {
    final class Errors: Sendable {
        private let kept = Mutex<[String]>([])
        var texts: [String] { kept.withLock { $0 } }
        func add(_ text: String) { kept.withLock { $0.append(text) } }
    }

    let errors = Errors()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(
        level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String,
        file: String, function: String, line: UInt
    ) {
        if let error = metadata?["error"] { errors.add("\(error)") }
    }
}
