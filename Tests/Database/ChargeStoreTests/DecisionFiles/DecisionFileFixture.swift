import Authentication
import Charges
import LibPQ
import Synchronization
import TestSupport

@testable import ChargeStore

extension DecisionFileLogin {
    /// A user of the tests: `anna` and `bert` are deciders, `vera` is a viewer, `boss` an administrator; of any generation.
    static func of(
        _ username: String, _ account: OperatorAccount = TestDatabase.acme, operatorGeneration: Int = 1,
        generation: Int = 1
    ) -> DecisionFileLogin {
        DecisionFileLogin(
            operatorIdentifier: account.identifier, username: username,
            operatorGeneration: operatorGeneration, loginGeneration: generation)
    }
}

extension TestDatabase {
    /// Adds the users of `DecisionFileLogin.of` to both operators, and the key `erp`, a decider.
    func addLogins() async throws {
        try await session.execute(
            """
            INSERT INTO countersign.operator_user (operator_id, username, password_hash, role)
            SELECT operator_id, username, 'x', role
            FROM countersign.operator, (VALUES
                ('anna', 'decider'), ('bert', 'decider'), ('vera', 'viewer'), ('boss', 'administrator')
            ) AS login (username, role);
            INSERT INTO countersign.api_key (operator_id, name, key_hash)
            SELECT operator_id, 'erp', sha256(operator_id::text::bytea) FROM countersign.operator
            """)
    }

    /// Makes every worker's silence longer than a file waits for it.
    func silenceWorkers() async throws {
        try await session.execute(
            "UPDATE countersign.decision_file SET heartbeat_on = clock_timestamp() - interval '31 seconds'")
    }

    /// The rows of a file whose outcome is not what the history has. A row is `OK` exactly if a call of this file made its
    /// decision, once.
    func untrueRows(of number: Int) async throws -> [String?] {
        try await session.texts(
            """
            SELECT line.position || ' ' || coalesce(line.result, 'open') || ' ' || count(history.number)
            FROM countersign.decision_file_row AS line
            LEFT JOIN countersign.charge_history AS history
                ON history.operator_id = line.operator_id AND history.number = line.number
                AND history.idempotency_key LIKE 'file ' || line.file_number || ' %'
            WHERE line.operator_id = 1 AND line.file_number = \(number)
            GROUP BY line.position, line.result
            HAVING count(history.number) <> CASE line.result WHEN 'OK' THEN 1 ELSE 0 END
            """)
    }
}

extension Store {
    /// A file of charges `PREFIX1`, `PREFIX2`, … with references `RPREFIX1`, ….
    static func file(_ count: Int, prefix: String = "N") -> String {
        "number,reference_number\n" + (1...count).map { "\(prefix)\($0),R\(prefix)\($0)\n" }.joined()
    }

    @discardableResult
    func uploadFile(
        _ text: String, _ action: ChargeAction = .accept, login: DecisionFileLogin = .of("anna"),
        key: ExactText? = nil
    ) async throws -> DecisionFile {
        try await decisionFiles.create(
            Array(text.utf8), name: "october", action: action, login: login, idempotencyKey: key,
            deadline: .now + .patience)
    }

    /// Uploads a file, makes its dry run, and starts it.
    func startFile(_ text: String, _ action: ChargeAction = .accept, login: DecisionFileLogin = .of("anna"))
        async throws -> Int
    {
        let number = try await uploadFile(text, action, login: login).number
        await workOnFiles()
        _ = try await decisionFiles.start(number: number, login: login, deadline: .now + .patience)
        return number
    }

    func readFile(_ number: Int, of account: OperatorAccount = TestDatabase.acme) async throws
        -> (file: DecisionFile, counts: DecisionFileCounts)
    {
        guard
            let shown = try await decisionFiles.show(
                operatorIdentifier: account.identifier, number: number, deadline: .now + .patience)
        else { throw DecisionFileFailure.noSuchFile }
        return shown
    }

    func fileSums(_ number: Int) async throws -> [DecisionFileSum] {
        try await decisionFiles.sums(of: try await readFile(number).file, deadline: .now + .patience)
    }

    func fileRows(_ number: Int, _ filter: DecisionFileRowFilter = .all) async throws -> [DecisionFileRow] {
        try await decisionFiles.rows(
            operatorIdentifier: TestDatabase.acme.identifier, number: number, after: 0, filter: filter,
            count: DecisionFile.maximumRows, deadline: .now + .patience)
    }

    /// The results of a file's rows: `OK`, or the code of the failure; `open` for a row without one.
    func fileResults(_ number: Int) async throws -> [String] {
        try await fileRows(number).map { $0.result?.text ?? "open" }
    }

    /// Works on the files that wait, as a node does at intervals, with time enough.
    func workOnFiles() async {
        var runner = decisionFileRunner
        runner.callTime = .patience
        await runner.run()
    }

    /// The runner of another node, which loses the outcome of one call as a node does that is killed then.
    func losingRunner(call lost: Int) -> DecisionFileRunner {
        DecisionFileRunner(
            pool: pool, reader: reader, decisions: LosingDecisions(decisions: decisions, lost: lost),
            worker: .random(), logger: logger, callTime: .patience)
    }
}

extension DecisionFileRow.Result {
    /// The failure's code, or `OK`.
    var text: String {
        switch self {
        case .succeeded: "OK"
        case .failed(let code, _): code.rawValue
        }
    }
}

/// A repository of decisions that makes every call, and keeps the outcomes of one to itself.
private final class LosingDecisions: DecisionRepository {
    private let decisions: any DecisionRepository
    private let lost: Int
    private let calls = Mutex(0)

    init(decisions: any DecisionRepository, lost: Int) {
        self.decisions = decisions
        self.lost = lost
    }

    func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome] {
        let outcomes = try await decisions.decide(call)
        let isLost = calls.withLock { calls in
            calls += 1
            return calls == lost
        }
        if isLost { throw .outcomeUnknown }
        return outcomes
    }

    func dryRun(_ call: DecisionCall) async throws(RequestFailure) -> [DryRunOutcome] {
        try await decisions.dryRun(call)
    }
}
