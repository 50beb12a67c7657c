package import Charges
import LibPQ

extension AdministrationSession {
    /// Makes a database of this server and what is in it, all of it or none: until it is whole it has another name.
    /// Does nothing if it is there.
    ///
    /// - Parameter fill: Puts into the database of the given name what is to be in it. Whoever was stopped in the
    ///   middle of that begins anew; only roles are left, since they belong to the whole server.
    package func makeDatabase(_ name: String, _ fill: (String) throws -> Void) throws {
        guard try !run(.databaseNames, (), doing: "looking for databases").contains(name) else { return }
        let purpose = "making the database"
        let unfinished = name + "_unfinished"
        try execute(
            "DROP DATABASE IF EXISTS \(unfinished) WITH (FORCE)", doing: purpose, timeout: .seconds(60))
        try execute("CREATE DATABASE \(unfinished)", doing: purpose, timeout: .seconds(60))
        try fill(unfinished)
        try execute("ALTER DATABASE \(unfinished) RENAME TO \(name)", doing: purpose)
    }
}

extension Statement where Input == Void, Row == String {
    fileprivate static let databaseNames = Statement(
        "database_names", "SELECT datname::text FROM pg_database",
        decode: { row throws(PostgresError) in try row.next(String.self) })
}

extension AdministrationSession {
    /// Makes a login that may do what a node does and no more.
    package func addNodeLogin(_ name: String) throws(AdministrationFailure) {
        try addLogin(name, inRole: "countersign_application")
    }

    /// Makes a login that may read what reports read and no more.
    package func addReportingLogin(_ name: String) throws(AdministrationFailure) {
        try addLogin(name, inRole: "countersign_reporting")
    }

    /// Without a password: for a server that only its own user can reach. Does nothing if it is there.
    private func addLogin(_ name: String, inRole role: String) throws(AdministrationFailure) {
        do throws(AdministrationFailure) {
            try execute("CREATE ROLE \(name) LOGIN IN ROLE \(role)", doing: "making the login \(name)")
        } catch {
            guard error.cause?.sqlState == SQLState("42710") else { throw error }  // duplicate_object
        }
    }
}

extension AdministrationSession {
    /// One charge of an operator with all its decisions, or `nil` if the operator has no such charge.
    package func charge(number: ExactText, operatorCode: String) throws(AdministrationFailure) -> Charge? {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        guard !number.containsNul else { return nil }
        let key = ChargeKey(operatorIdentifier: operatorIdentifier, name: number)
        return ChargeRow.charge(try run(.chargeByNumber, key, doing: "looking for the charge"))
    }
}
