import Authentication
import Charges
import ChargeStore
import EmbeddedPostgres
import Foundation
import LibPQ

/// The database of `countersign dev`: a private server with demo data.
struct DemoDatabase {
    static let username = "demo"
    static let password = "demo"
    /// The administrator of the service.
    static let administrator = "admin"
    /// The login of the node. It has only the rights of the application.
    private static let nodeLogin = "countersign_node"
    /// The login of the commands. It has only the rights of administration and of reports.
    private static let administrationLogin = "countersign_admin"
    /// The login of the reports on the administration's pages. It has only the rights of reports.
    private static let reportingLogin = "countersign_reports"
    private static let name = "countersign"

    let server: EmbeddedPostgres
    /// Whether the server counts its statements, for the report `database-statements`.
    let countsStatements: Bool

    /// The node's connection string.
    var connectionString: String { connectionString(of: Self.nodeLogin) }
    /// The node's connection string for the administration's pages.
    var administrationConnectionString: String { connectionString(of: Self.administrationLogin) }
    /// The node's connection string for their reports.
    var reportingConnectionString: String { connectionString(of: Self.reportingLogin) }

    private func connectionString(of login: String) -> String {
        ConnectionParameters(server.connectionParameters(database: Self.name, user: login)).connectionString
    }

    /// Starts the server and updates the schema of its database. A missing database is created with the demo data.
    func start() throws(CommandFailure) {
        try CommandFailure.wrapping {
            try server.start()
            let administration = try open("postgres")
            defer { administration.close() }
            try administration.makeDatabase(Self.name) { unfinished in
                let session = try open(unfinished)
                defer { session.close() }
                _ = try session.migrate()
                try fill(session)
            }
            let session = try open(Self.name)
            defer { session.close() }
            _ = try session.migrate()
            // Data of earlier builds have neither.
            try session.addReportingLogin(Self.reportingLogin)
            if try session.administrators().isEmpty {
                try session.addAdministrator(
                    Self.administrator, passwordHash: PasswordHash(password: Self.password).text)
            }
            guard countsStatements else { return }
            try session.addStatementStatistics(for: Self.administrationLogin)
            try session.addStatementStatistics(for: Self.reportingLogin)
        }
    }

    private func open(_ database: String) throws(AdministrationFailure) -> AdministrationSession {
        try AdministrationSession(
            database: ConnectionParameters(server.connectionParameters(database: database)).connectionString)
    }

    private func fill(_ session: AdministrationSession) throws {
        try session.addNodeLogin(Self.nodeLogin)
        try session.addAdministrationLogin(Self.administrationLogin)
        for one in DemoCharges.operators {
            try session.addOperator(
                code: one.code, currency: one.currency, undecidedPolicy: one.policy,
                undecidedWindowSeconds: DemoCharges.undecidedWindowSeconds)
            try session.addUser(
                operatorCode: one.code, username: Self.username,
                passwordHash: PasswordHash(password: Self.password).text)
        }
        let charges = try DemoCharges.all(now: Timestamp(Date()))
        _ = try ChargeImport(on: session, skipsKnown: false).run { take in
            for charge in charges { try take(charge) }
        }
        try session.addDemoHistory()
        for one in DemoCharges.operators { _ = try session.closeStatement(operatorCode: one.code) }
        try reconcile(charges, on: session)
    }

    /// Compares what a billing system might have with the charges of the first operator: all but a few agree.
    private func reconcile(_ charges: [ImportedCharge], on session: AdministrationSession) throws {
        let operatorCode = DemoCharges.operators[0].code
        var lines = charges.filter { $0.operatorCode == operatorCode && $0.decision == .accepted }.map {
            charge in
            "\(charge.number ?? ""),\(charge.referenceNumber ?? ""),\(charge.terms.amount.digits)"
        }
        lines.removeFirst()
        lines[0] += "5"
        lines.append("I99999999,,9.99")
        var file: [UInt8]? = Array((["number,reference_number,amount"] + lines).joined(separator: "\n").utf8)
        let now = Timestamp(Date())
        _ = try session.reconcile(
            operatorCode: operatorCode,
            ReconciliationParameters(
                format: .csv, from: now.earlier(minutes: 100 * 1440), to: now.earlier(minutes: -1440),
                name: "Last quarter"),
            onStage: { _ in },
            next: {
                defer { file = nil }
                return file ?? []
            })
    }
}

extension Timestamp {
    init(_ date: Date) {
        // Foundation counts from 2001, PostgreSQL from 2000, which was a leap year.
        self.init(
            microsecondsSince2000: Int64(date.timeIntervalSinceReferenceDate * 1_000_000) + 366 * 86_400
                * 1_000_000)
    }
}

/// The text that `countersign dev` prints when its node is ready.
struct DemoGreeting {
    let host: String
    let port: Int
    /// The host and the port of the administration's pages; the port is `nil` if the system chooses it.
    let adminHost: String
    let adminPort: Int?

    var text: String {
        let address = "http://\(host):\(port)"
        let base = "\(address)/crmapi/rest/v2"
        return """

            \(Terminal.styled("Countersign is running at \(address)/console", .green))
            The console is there, and the API at \(base).
            Operators: \(DemoCharges.operators.map(\.code).joined(separator: ", ")). Login: username \
            \(DemoDatabase.username), password \(DemoDatabase.password).
            \(administration)

            Log in to the API:

            \(Terminal.styled(login(base), .bold))

            Accept two charges, one of them for the wrong customer:

            \(Terminal.styled(accept(base), .bold))

            Press Ctrl-C to stop.
            """
    }

    /// Where the administrators of the service sign in.
    private var administration: String {
        let place = adminPort.map { " at http://\(adminHost):\($0)/admin" } ?? ""
        return "Administration of the service\(place): name \(DemoDatabase.administrator), password "
            + "\(DemoDatabase.password)."
    }

    private func login(_ base: String) -> String {
        """
        TOKEN=$(curl -s \(base)/authentication/token -d '{"username": "\(DemoDatabase.username)", "password": \
        "\(DemoDatabase.password)", "organisation": "ACME"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
        """
    }

    private func accept(_ base: String) -> String {
        """
        curl -s \(base)/netflix/charges/accept -H "Authorization: Bearer $TOKEN" -d '{"accepted_charges_set": \
        [{"number": "I00000003", "billing_system_customer_identifier": "acme-001001", "reference_number": "TRY-1"}, \
        {"number": "I00000004", "billing_system_customer_identifier": "acme-009999"}]}'; echo
        """
    }
}
