import FaultChecker
import FaultJournal
import Foundation

/// A person of an operator that decides by files alone: uploads them at the console, starts and resumes them, and has the
/// login ended now and then, while nodes and servers break.
///
/// The operator is not in the journal, whose checker knows calls and not files; `DecisionFileRecord` checks it.
struct DecisionFileClient {
    let cluster: Cluster
    let operatorCode: String
    private var generator: SeededGenerator
    private var browser = ConsoleBrowser()
    private var isSignedIn = false
    private var uploads = 0
    /// The upload whose answer was lost, to be sent once more under its key.
    private var unanswered: Upload?
    /// The numbers of the files that are not known to have ended.
    private var open: [Int] = []

    private struct Upload {
        let key: String
        let action: String
        let file: String
    }

    private static let username = "clerk"
    private static let chargeCount = 800
    private static let mostOpenFiles = 4
    /// The longest that the files of a run may take when all faults are over.
    private static let patienceSeconds = 120

    init(cluster: Cluster, operatorCode: String, seed: UInt64) {
        self.cluster = cluster
        self.operatorCode = operatorCode
        generator = SeededGenerator(seed: seed, purpose: "files")
    }

    /// Adds the operator, its user and its charges.
    func prepare(in folder: String) throws {
        try cluster.admin("operator", "add", operatorCode, "--currency", "EUR", "--undecided", "hold")
        try cluster.admin(
            "user", "add", "--operator", operatorCode, "--username", Self.username,
            input: OperatorSession.password + "\n")
        let columns =
            "operator,number,billing_system_customer_identifier,amount,currency,local_currency_amount,local_currency,"
            + "paid_through_date"
        let charges = (1...Self.chargeCount).map {
            "\(operatorCode),\(number($0)),c\($0),9.99,USD,9.10,EUR,2026-12-23"
        }
        let path = "\(folder)/charges.csv"
        try ([columns] + charges).joined(separator: "\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        try cluster.admin("charges", "import", path)
    }

    private func number(_ place: Int) -> String { "\(operatorCode)-\(place)" }

    /// Does one thing. What a fault prevents is tried again later.
    mutating func step() throws {
        let port = port()
        guard isSignedIn || signIn(port) else { return pause(seconds: 0.5) }
        if generator.chance(0.04) {
            endLogin()
        } else if unanswered != nil || open.isEmpty
            || open.count < Self.mostOpenFiles && generator.chance(0.3)
        {
            upload(port)
        } else {
            let number = generator.pick(open)
            if advance(number, port) { open.removeAll { $0 == number } }
        }
    }

    private mutating func port() -> Int {
        generator.chance(0.6) ? cluster.proxiedPort() : cluster.nodePort(generator.pick(Cluster.nodes))
    }

    private mutating func signIn(_ port: Int) -> Bool {
        isSignedIn = browser.signIn(
            operatorCode: operatorCode, username: Self.username, password: OperatorSession.password,
            port: port)
        return isSignedIn
    }

    /// Uploads a file, or the last one once more.
    private mutating func upload(_ port: Int) {
        guard let page = browser.open("/console/files", port: port), let token = page.hidden("form_token"),
            let key = page.hidden("key")
        else {
            isSignedIn = false
            return
        }
        let upload = unanswered ?? newUpload(key)
        let answer = browser.upload(
            "/console/files", [("form_token", token), ("key", upload.key), ("action", upload.action)],
            fileName: "charges.csv", file: upload.file, port: port)
        unanswered = answer == nil || answer?.status ?? 0 >= 500 ? upload : nil
        guard let number = answer?.location?.split(separator: "=").last.flatMap({ Int($0) }) else { return }
        if !open.contains(number) { open.append(number) }
    }

    /// A file of some charges, each under a reference of its own, and at times a row that cannot be read.
    private mutating func newUpload(_ key: String) -> Upload {
        uploads += 1
        var lines = ["number,reference_number"]
        var places: Set<Int> = []
        for row in 0..<Int.random(in: 20...180, using: &generator) {
            let place = Int.random(in: 1...Self.chargeCount, using: &generator)
            guard places.insert(place).inserted else { continue }
            lines.append(
                generator.chance(0.02) ? ",R\(row)" : "\(number(place)),\(operatorCode)-\(uploads)-\(row)")
        }
        return Upload(
            key: key, action: generator.chance(0.6) ? "accept" : "decline",
            file: lines.joined(separator: "\n") + "\n")
    }

    /// Looks at a file, and presses the button that its state asks for.
    ///
    /// - Returns: Whether it has ended.
    private mutating func advance(_ number: Int, _ port: Int) -> Bool {
        guard let page = browser.open("/console/file?number=\(number)", port: port) else { return false }
        guard page.status == 200, let token = page.hidden("form_token"),
            let state = page.html.firstMatch(of: /<dt>State<\/dt><dd><span class="state [a-z]+">([a-z]+)</)?.1
        else {
            isSignedIn = false
            return false
        }
        switch state {
        case "checked", "paused":
            _ = browser.submit(
                "/console/file",
                [
                    ("form_token", token), ("number", "\(number)"),
                    ("action", state == "checked" ? "start" : "resume"),
                ], port: port)
            return false
        case "done", "failed", "cancelled": return true
        default: return false
        }
    }

    /// Ends the login under which the files are carried out, so that they pause, and lets it in again.
    private mutating func endLogin() {
        let words = ["--operator", operatorCode, "--username", Self.username]
        _ = try? cluster.admin("user", "suspend", words[0], words[1], words[2], words[3])
        resumeLogin()
    }

    private mutating func resumeLogin() {
        for _ in 0..<10 {
            let resumed: String? = try? cluster.admin(
                "user", "resume", "--operator", operatorCode, "--username", Self.username)
            if resumed != nil { break }
            pause(seconds: 1)
        }
        isSignedIn = false
    }

    // MARK: When all faults are over

    /// Brings every file to its end, and checks the files against the history.
    mutating func violations() throws -> [RunResult.Violation] {
        resumeLogin()
        let deadline = ContinuousClock.now + .seconds(Self.patienceSeconds)
        var files = try files()
        while files.contains(where: { !["DONE", "FAILED", "CANCELLED"].contains($0.state) }),
            ContinuousClock.now < deadline
        {
            let port = cluster.proxiedPort()
            if isSignedIn || signIn(port) {
                for file in files { _ = advance(file.number, port) }
            }
            pause(seconds: 0.5)
            files = try self.files()
        }
        guard !files.isEmpty else { throw Shell.Failure(description: "no decision file came in") }
        return DecisionFileRecord.violations(of: files, history: try history()).map {
            RunResult.Violation(invariant: $0.invariant.rawValue, description: $0.description)
        }
    }

    private func rows(_ query: String) throws -> [[String?]] {
        try Database.rows(
            query.replacing("@CODE@", with: "'\(operatorCode)'"), on: try cluster.primary(), of: cluster,
            seconds: 60)
    }

    private func files() throws -> [DecisionFileRecord] {
        var rows: [Int: [DecisionFileRecord.Row]] = [:]
        for row in try self.rows(
            """
            SELECT file_number, coalesce(number, ''), reference_number, fault IS NOT NULL, result, revision
            FROM countersign.decision_file_row JOIN countersign.operator USING (operator_id)
            WHERE operator.code = @CODE@ ORDER BY file_number, position
            """)
        {
            guard let file = row[0].flatMap({ Int($0) }) else { continue }
            rows[file, default: []].append(
                DecisionFileRecord.Row(
                    row[1] ?? "", reference: row[2], hasFault: row[3] == "t", result: row[4],
                    revision: row[5].flatMap { Int($0) }))
        }
        return try self.rows(
            """
            SELECT number, state, pause_reason, action
            FROM countersign.decision_file JOIN countersign.operator USING (operator_id)
            WHERE operator.code = @CODE@ ORDER BY number
            """
        ).compactMap { row in
            guard let number = row[0].flatMap({ Int($0) }) else { return nil }
            return DecisionFileRecord(
                number: number, state: row[1] ?? "", pauseReason: row[2], kind: row[3] ?? "",
                rows: rows[number] ?? [])
        }
    }

    private func history() throws -> [String: [HistoryRow]] {
        var history: [String: [HistoryRow]] = [:]
        for row in try rows(
            """
            SELECT history.number, history.revision, history.kind, history.reference_number, history.made_by
            FROM countersign.charge_history AS history JOIN countersign.operator USING (operator_id)
            WHERE operator.code = @CODE@ ORDER BY history.number, history.revision
            """)
        {
            guard let number = row[0], let revision = row[1].flatMap({ Int($0) }) else { continue }
            history[number, default: []].append(
                HistoryRow(revision, row[2] ?? "", reference: row[3], madeBy: row[4] ?? ""))
        }
        return history
    }
}
