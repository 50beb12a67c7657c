import LibPQ

/// Which of a cluster's servers a connection leads to, as far as it matters: whose data they are, and how often
/// a standby of theirs has been promoted. A primary that comes back from the dead has a lower timeline than the
/// one that took its place, and is as writable.
struct ServerIdentity: Equatable, Sendable {
    /// Made by `initdb`, and kept by standbys and backups (manual, chapter 9.27.12).
    let systemIdentifier: Int64
    let timeline: Int64
}

extension Statement where Input == Void, Row == ServerIdentity {
    /// Of a server that takes writes: the name of the file that it writes begins with its timeline, at once after
    /// a promotion, which what `pg_control_checkpoint` tells does not. Every role may ask.
    static let serverIdentity = Statement(
        "server_identity",
        """
        SELECT system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint
        FROM pg_control_system()
        """,
        decode: { row throws(PostgresError) in
            ServerIdentity(systemIdentifier: try row.next(Int64.self), timeline: try row.next(Int64.self))
        })
}
