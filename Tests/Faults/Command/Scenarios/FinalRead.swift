import FaultJournal
import Foundation

/// What is done when all faults are over: unknown calls are repeated, everything is read once more by the API, and the
/// database is read past the service.
struct FinalRead {
    let cluster: Cluster
    let workload: Workload

    private var state: RunState { workload.state }
    private var caller: Caller { workload.caller }

    func run() throws {
        let sessions = Dictionary(
            uniqueKeysWithValues: state.operators.map {
                ($0.code, OperatorSession(client: "final-\($0.code)", operatorCode: $0.code, caller: caller))
            })
        // A run that ended during a suspension leaves the operator suspended.
        for account in state.operators where account.isSuspendedAtTimes {
            let id = try caller.journal.sending(
                Call(.resumeOperator, client: "final", target: "command line", operatorCode: account.code))
            try cluster.admin("operator", "resume", account.code)
            try caller.journal.answered(id, Answer(.exit(0)))
        }
        // Beyond some hundreds the others tell no more.
        for unknown in state.takeUnknown().prefix(300) {
            guard let session = sessions[unknown.call.operatorCode ?? ""] else { continue }
            try OperatorClient.settle(unknown, session, caller)
        }
        try readFeedToItsEnd()
        var generator = SeededGenerator(seed: workload.seed, purpose: "final")
        for account in state.operators {
            guard let session = sessions[account.code], try session.logIn(at: .balancer) else { continue }
            for status in ["PROCESSED", "NOT_PROCESSED"] {
                var cursor = ""
                repeat {
                    let page = "charge_status=\(status)&after=\(cursor)"
                    cursor = try OperatorClient.list(page, account.code, session, caller, at: .balancer) ?? ""
                } while !cursor.isEmpty
            }
            for charge in state.charges(of: account.code).shuffled(using: &generator).prefix(60) {
                try OperatorClient.show(charge, session, caller, at: .node(generator.pick(Cluster.nodes)))
            }
        }
        try readDatabase()
        try readStatements()
        try caller.journal.finalEnd()
    }

    private func readFeedToItsEnd() throws {
        var reader = ProviderBridge(name: "final-reader", state: state, caller: caller, seed: workload.seed)
        var empty = 0
        for _ in 0..<2000 where empty < 3 {
            let count = try reader.readFeed(at: .balancer)
            empty = count == 0 ? empty + 1 : 0
            if count == nil || count == 0 { pause(seconds: 0.3) }
        }
    }

    // MARK: Past the service

    private func readDatabase() throws {
        let primary = try cluster.primary()
        let codes = state.operators.map { "'\($0.code)'" }.joined(separator: ", ")
        func rows(_ query: String) throws -> [[String?]] {
            try Database.rows(query.replacing("@CODES@", with: codes), on: primary, of: cluster, seconds: 60)
        }
        var histories: [String: [FinalHistoryRow]] = [:]
        for row in try rows(Self.historyQuery) {
            guard let code = row[0], let number = row[1] else { continue }
            histories["\(code)/\(number)", default: []].append(
                FinalHistoryRow(
                    HistoryRow(
                        Int(row[2] ?? "") ?? 0, row[3] ?? "", reference: row[4], madeBy: row[5] ?? "",
                        idempotencyKey: row[6]),
                    takesReference: row[7] == "t"))
        }
        for row in try rows(Self.chargeQuery) {
            guard let code = row[0], let number = row[1] else { continue }
            try caller.journal.append(
                .finalCharge(
                    ChargeRow(
                        code, number, customer: row[2], status: row[3] ?? "", decision: row[4] ?? "NONE",
                        reference: row[5], revision: row[6].flatMap { Int($0) }, isAcknowledged: row[7] == "t"
                    ),
                    history: histories["\(code)/\(number)"] ?? []))
        }
        for row in try rows(Self.feedQuery) {
            try caller.journal.append(
                .finalFeed(
                    FeedRow(
                        Int(row[0] ?? "") ?? 0, row[1] ?? "", row[2] ?? "", row[3] ?? "",
                        Int(row[4] ?? "") ?? 0)))
        }
    }

    /// Closes each operator's last statement, and reads the files of all. A file whose digest is wrong fails the run.
    private func readStatements() throws {
        for account in state.operators {
            try cluster.admin("statement", "close", "--operator", account.code)
            let list = try cluster.admin("statement", "list", "--operator", account.code, "--format", "json")
            let numbers = list.matches(of: /"statement":"?(\d+)/).compactMap { Int($0.1) }.sorted()
            for number in numbers {
                let file = try cluster.admin(
                    "statement", "export", String(number), "--operator", account.code)
                // The first line has the names of the columns. What the suite writes needs no quotes.
                for line in file.split(separator: "\n").dropFirst() {
                    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                    guard fields.count == 13, let eventNumber = Int(fields[0]), let revision = Int(fields[10])
                    else {
                        continue
                    }
                    try caller.journal.append(
                        .finalEvent(
                            EventRow(
                                account.code, statement: number, eventNumber, fields[1], fields[2], revision))
                    )
                }
            }
        }
    }

    private static let chargeQuery = """
        SELECT operator.code, charge.number, charge.billing_system_customer_identifier, charge.charge_status,
            charge.decision, charge.decision_reference_number, charge.revision, charge.acknowledged_on IS NOT NULL
        FROM countersign.charge JOIN countersign.operator USING (operator_id)
        WHERE operator.code IN (@CODES@) ORDER BY operator.code, charge.number
        """
    private static let historyQuery = """
        SELECT operator.code, history.number, history.revision, history.kind, history.reference_number,
            history.made_by, history.idempotency_key, history.takes_reference
        FROM countersign.charge_history AS history JOIN countersign.operator USING (operator_id)
        WHERE operator.code IN (@CODES@)
        ORDER BY operator.code, history.number, history.kind = 'ACKNOWLEDGED', history.revision
        """
    /// A batch has a position; its decisions follow it in the order of their keys.
    private static let feedQuery = """
        SELECT * FROM (
            SELECT batch.position - 1 + row_number() OVER (
                    PARTITION BY batch.position ORDER BY history.operator_id, history.number),
                operator.code, history.number, history.kind, history.revision
            FROM countersign.published_batch AS batch
            JOIN countersign.charge_history AS history USING (batch_id)
            JOIN countersign.operator USING (operator_id)
            WHERE history.kind <> 'ACKNOWLEDGED'
        ) AS placed (position, code, number, kind, revision)
        WHERE code IN (@CODES@) ORDER BY position
        """
}
