import LibPQ

/// The connection pooler between a node and its database, PgBouncer for instance, by the mode in which it pools. A
/// session of PostgreSQL keeps prepared statements, settings and advisory locks; what of these a node may use depends
/// on how long it has the session.
package enum DatabasePooler: String, CaseIterable, Sendable {
    /// No pooler, or one in session mode: a connection has one session as long as it lives. Statements are prepared and
    /// settings are made once for each connection.
    case none
    /// A pooler in transaction mode: every transaction may have another session. Statements are parsed with every
    /// execution, and each transaction begins with its settings. A node's advisory locks end with their transactions
    /// in any case.
    case transaction

    /// One line for a person whose pooler pools transactions where the setting says otherwise. The server then finds
    /// that another connection has prepared a statement of that name in the session.
    static let missingSetting =
        "a pooler in transaction mode is between this node and the database; set database-pooler to transaction "
        + "(environment COUNTERSIGN_DATABASE_POOLER), or pool_mode of the pooler to session"
}

extension SQLState {
    /// A statement of that name is prepared in the session already.
    static let duplicatePreparedStatement = SQLState("42P05")
}
