import LibPQ

/// What a process of the server waits for (manual, chapter 28.2.3).
package struct DatabaseActivity: Sendable {
    /// The process's type: `client backend`, `checkpointer`, and so on; for an autovacuum with the table.
    package let processType: String
    /// The type and the name of the wait event; `processor` where the process waits for nothing.
    package let wait: String

    package var isSession: Bool { processType == "client backend" }
}

extension AdministrationSession {
    /// What the sessions of this database that run a statement wait for, and the server's own processes that are not
    /// idle. This session is left out.
    package func databaseActivity() throws(AdministrationFailure) -> [DatabaseActivity] {
        try run(.databaseActivity, (), doing: "reading what sessions wait for")
    }

    /// Sets a setting of the server for all sessions; `nil` removes it again.
    package func setServerSetting(_ name: String, to value: String?) throws(AdministrationFailure) {
        let assignment = value.map { "SET \(name) = '\($0)'" } ?? "RESET \(name)"
        try execute("ALTER SYSTEM \(assignment)", doing: "changing the server's settings")
        try execute("SELECT pg_reload_conf()", doing: "changing the server's settings")
    }
}

extension Statement where Input == Void, Row == DatabaseActivity {
    static let databaseActivity = Statement(
        "database_activity",
        """
        SELECT
            backend_type || coalesce(' of ' || substring(query FROM '^autovacuum: [A-Z ]+([a-z_.]+)'), ''),
            coalesce(wait_event_type || ' ' || wait_event, 'processor')
        FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND CASE backend_type
            WHEN 'client backend' THEN datname = current_database() AND state = 'active'
            ELSE wait_event_type IS DISTINCT FROM 'Activity' AND wait_event IS DISTINCT FROM 'CheckpointWriteDelay'
            END
        """,
        row: DatabaseActivity.init)
}
