package import LibPQ

/// A session for commands, which run one after the other. It blocks, and is confined to the thread that made it, as its
/// `Connection` is.
package final class AdministrationSession {
    /// The session's connection, for the parts of this module that share it.
    let connection: Connection
    /// The parameters of the connection, for a further one.
    let parameters: ConnectionParameters
    /// The time that any one statement may take. Migrations and imports have bounds of their own.
    static let statementTimeout = Duration.seconds(30)

    /// Connects.
    ///
    /// - Parameters:
    ///   - database: A connection string or a URI, as libpq takes it (PostgreSQL manual, chapter 34.1.1).
    ///   - applicationName: The name that `pg_stat_activity` shows, unless the connection string names another.
    ///   - onWarning: A callback that takes the server's warnings, one line each.
    /// - Throws: `AdministrationFailure` if the string is wrong or the database cannot be reached in 10 s.
    package init(
        database: String, applicationName: String = "countersign",
        onWarning: @escaping (String) -> Void = { _ in }
    ) throws(AdministrationFailure) {
        do {
            var parameters = try ConnectionParameters(parsing: database)
            parameters["fallback_application_name"] = applicationName
            self.parameters = parameters
            connection = try Self.connect(parameters, deadline: .now + .seconds(10)) { message in
                if message.severity == "WARNING" { onWarning(message.message) }
            }
            // Only a warning says that a commit did not wait for its standby.
            try connection.execute("SET client_min_messages TO notice", deadline: .now + .seconds(10))
        } catch {
            throw AdministrationFailure("the database cannot be reached: \(error)", cause: error)
        }
    }

    /// Connects, of several servers, to the primary: a standby takes no writes, and writes to a primary that was
    /// replaced are lost.
    static func connect(
        _ parameters: ConnectionParameters, deadline: ContinuousClock.Instant,
        onNotice: @escaping (ServerMessage) -> Void
    ) throws(PostgresError) -> Connection {
        guard parameters.servers.count > 1 else {
            return try Connection(parameters, deadline: deadline, noticeHandler: onNotice)
        }
        let cluster = Cluster(parameters, maximumConnections: 1)
        return try ClusterSearch(cluster: cluster, deadline: deadline, onNotice: onNotice).run().connection
    }

    /// Closes the connection. The session must not be used afterwards.
    package func close() {
        connection.close()
    }

    /// Runs one statement.
    ///
    /// - Throws: `AdministrationFailure`, one line that begins with the purpose.
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

    /// Runs one statement that reads one operator's data, without a chance to see another's
    /// (`Connection.runAsReader`).
    ///
    /// - Throws: `AdministrationFailure`, one line that begins with the purpose.
    func read<Input: OperatorRead, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String
    ) throws(AdministrationFailure) -> [Row] {
        do {
            return try connection.runAsReader(
                statement, input, replicated: false, deadline: .now + Self.statementTimeout)
        } catch {
            throw AdministrationFailure("\(purpose) failed: \(error)", cause: error)
        }
    }

    /// Runs one statement that changes rows, or finds them so already: either is replicated when this returns.
    func change<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String
    ) throws(AdministrationFailure) -> [Row] {
        do {
            return try connection.runReplicated(statement, input, deadline: .now + Self.statementTimeout)
        } catch {
            throw Self.failure(of: purpose, error)
        }
    }

    /// Runs SQL without parameters.
    ///
    /// - Throws: `AdministrationFailure`, one line that begins with the purpose.
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

    /// Commits the transaction under way. A COMMIT is never cancelled, and one that may not be on a standby counts as
    /// failed.
    func commit(doing purpose: String) throws(AdministrationFailure) {
        var pipeline = Pipeline()
        pipeline.addCommit()
        do {
            _ = try connection.run(pipeline, deadline: .now + Self.commitTimeout)
        } catch {
            throw Self.failure(of: purpose, error)
        }
    }

    /// The failure of work that may have been committed nevertheless.
    private static func failure(of purpose: String, _ error: PostgresError) -> AdministrationFailure {
        let doubt = error.effect == .unknown ? "; look whether it was applied before trying again" : ""
        return AdministrationFailure("\(purpose) failed: \(error)\(doubt)", cause: error)
    }

    /// The time that a commit may take.
    private static let commitTimeout = Duration.seconds(600)
}

/// The failure of a command: one clear line for the person at the terminal. The cause, for the log, may say more.
package struct AdministrationFailure: Error, CustomStringConvertible {
    package let description: String
    package let cause: PostgresError?

    package init(_ description: String, cause: PostgresError? = nil) {
        self.description = description
        self.cause = cause
    }
}
