import Authentication
import ChargeStore
import Charges
import Foundation
import LibPQ
import PrivatePostgreSQL

/// The database of `countersign dev`: a server of its own, with data to look at.
struct DemoDatabase {
    static let username = "demo"
    static let password = "demo"
    /// The login that the node uses; it has the application's rights alone.
    private static let nodeLogin = "countersign_node"

    let server: PrivatePostgreSQL

    /// The node's connection string.
    var connectionString: String {
        ConnectionParameters(server.connectionParameters(database: "countersign", user: Self.nodeLogin))
            .connectionString
    }

    /// Starts the server and brings its database up to date; an empty one gets the demo data.
    func start() throws(CommandFailure) {
        try CommandFailure.wrapping {
            try server.start()
            try makeDatabase()
            let session = try AdministrationSession(
                database: ConnectionParameters(server.connectionParameters(database: "countersign"))
                    .connectionString)
            defer { session.close() }
            _ = try session.migrate()
            if try session.isWithoutOperators() { try fill(session) }
        }
    }

    private func makeDatabase() throws {
        let connection = try Connection(
            ConnectionParameters(server.connectionParameters(database: "postgres")),
            deadline: .now + .seconds(10))
        defer { connection.close() }
        do throws(PostgresError) {
            try connection.execute("CREATE DATABASE countersign", deadline: .now + .seconds(60))
        } catch {
            // 42P04: it is there from an earlier start.
            guard error.sqlState == SQLState("42P04") else { throw error }
        }
    }

    private func fill(_ session: AdministrationSession) throws {
        try session.addNodeLogin(Self.nodeLogin)
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
    }
}

extension Timestamp {
    fileprivate init(_ date: Date) {
        // Foundation counts from 2001, PostgreSQL from 2000, which was a leap year.
        self.init(
            microsecondsSince2000: Int64(date.timeIntervalSinceReferenceDate * 1_000_000) + 366 * 86_400
                * 1_000_000)
    }
}
