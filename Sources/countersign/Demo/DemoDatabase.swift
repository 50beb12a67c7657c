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
    private static let name = "countersign"

    let server: PrivatePostgreSQL

    /// The node's connection string.
    var connectionString: String {
        ConnectionParameters(server.connectionParameters(database: Self.name, user: Self.nodeLogin))
            .connectionString
    }

    /// Starts the server and brings its database up to date; one that is not there yet is made with the demo data.
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
        }
    }

    private func open(_ database: String) throws(AdministrationFailure) -> AdministrationSession {
        try AdministrationSession(
            database: ConnectionParameters(server.connectionParameters(database: database)).connectionString)
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
    init(_ date: Date) {
        // Foundation counts from 2001, PostgreSQL from 2000, which was a leap year.
        self.init(
            microsecondsSince2000: Int64(date.timeIntervalSinceReferenceDate * 1_000_000) + 366 * 86_400
                * 1_000_000)
    }
}
