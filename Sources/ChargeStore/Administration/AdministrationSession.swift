package import LibPQ

/// A connection for commands: one person, one thing at a time. Blocking, and confined to the thread that made
/// it, as its `Connection` is.
package final class AdministrationSession {
    /// For the parts of this module that work over the same connection.
    let connection: Connection
    /// How long any one statement may take. Migrations and imports have bounds of their own.
    static let statementTimeout = Duration.seconds(30)

    /// - Parameters:
    ///   - database: What libpq takes: a connection string or a URI (PostgreSQL manual, chapter 34.1.1).
    ///   - applicationName: What `pg_stat_activity` shows, unless the string names another.
    ///   - onWarning: Told what the server warns of, one line each.
    /// - Throws: `AdministrationFailure` if the string is wrong or the database cannot be reached in 10 s.
    package init(
        database: String, applicationName: String = "countersign",
        onWarning: @escaping (String) -> Void = { _ in }
    ) throws(AdministrationFailure) {
        do {
            var parameters = try ConnectionParameters(parsing: database)
            parameters["fallback_application_name"] = applicationName
            connection = try Self.connect(parameters, deadline: .now + .seconds(10)) { message in
                if message.severity == "WARNING" { onWarning(message.message) }
            }
            // A commit that did not wait for its standby is told by a warning alone.
            try connection.execute("SET client_min_messages TO notice", deadline: .now + .seconds(10))
        } catch {
            throw AdministrationFailure("the database cannot be reached: \(error)", cause: error)
        }
    }

    /// Of several servers, to the primary: a standby takes nothing, and what a primary that was replaced takes is
    /// lost.
    private static func connect(
        _ parameters: ConnectionParameters, deadline: ContinuousClock.Instant,
        onNotice: @escaping (ServerMessage) -> Void
    ) throws(PostgresError) -> Connection {
        guard parameters.servers.count > 1 else {
            return try Connection(parameters, deadline: deadline, noticeHandler: onNotice)
        }
        let cluster = Cluster(parameters, maximumConnections: 1)
        return try ClusterSearch(cluster: cluster, deadline: deadline, onNotice: onNotice).run().connection
    }

    /// Ends the connection. Nothing may be asked of the session afterwards.
    package func close() {
        connection.close()
    }

    /// Runs one statement, its failure told as one line that begins with what was being done.
    func run<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String,
        timeout: Duration = AdministrationSession.statementTimeout
    ) throws(AdministrationFailure) -> [Row] {
        do {
            return try connection.run(statement, input, deadline: .now + timeout)
        } catch {
            throw AdministrationFailure("\(purpose) failed: \(error)", cause: error)
        }
    }

    /// Runs one statement that changes something, or finds it so already: either is replicated when this returns.
    func change<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String
    ) throws(AdministrationFailure) -> [Row] {
        do {
            var pipeline = Pipeline()
            let slot = try pipeline.add(statement, input)
            try pipeline.add(.noOpWrite, ())
            return try connection.run(pipeline, deadline: .now + Self.statementTimeout).rows(slot)
        } catch {
            throw Self.failure(of: purpose, error)
        }
    }

    /// Runs SQL without parameters, likewise.
    func execute(
        _ script: String, doing purpose: String, timeout: Duration = AdministrationSession.statementTimeout
    )
        throws(AdministrationFailure)
    {
        do {
            try connection.execute(script, deadline: .now + timeout)
        } catch {
            throw AdministrationFailure("\(purpose) failed: \(error)", cause: error)
        }
    }

    /// Commits the transaction that is under way. A COMMIT is never cancelled, and one that may not be on a
    /// standby does not count as done.
    func commit(doing purpose: String) throws(AdministrationFailure) {
        var pipeline = Pipeline()
        pipeline.addCommit()
        do {
            _ = try connection.run(pipeline, deadline: .now + Self.commitTimeout)
        } catch {
            throw Self.failure(of: purpose, error)
        }
    }

    /// Of what may have been committed all the same.
    private static func failure(of purpose: String, _ error: PostgresError) -> AdministrationFailure {
        let doubt = error.effect == .unknown ? "; look whether it was applied before trying again" : ""
        return AdministrationFailure("\(purpose) failed: \(error)\(doubt)", cause: error)
    }

    /// How long a commit may take.
    private static let commitTimeout = Duration.seconds(600)
}

/// Why a command could not do what it was asked to: one clear line for the person at the terminal. The cause,
/// for the log, may say more.
package struct AdministrationFailure: Error, CustomStringConvertible {
    package let description: String
    package let cause: PostgresError?

    package init(_ description: String, cause: PostgresError? = nil) {
        self.description = description
        self.cause = cause
    }
}
