import LibPQ

/// A search for the primary among a cluster's servers, on the thread that will use the connection.
struct ClusterSearch {
    let cluster: Cluster
    let deadline: ContinuousClock.Instant
    let onNotice: (ServerMessage) -> Void

    /// A connection to a server that takes writes.
    struct Found {
        let connection: Connection
        let identity: ServerIdentity
        let server: Int
    }

    /// Tries the server where the primary was last. If the primary is not there any more, or that is in doubt, the
    /// search looks at every server. Of the servers that take writes, the one with the highest timeline is the primary.
    func run() throws(PostgresError) -> Found {
        if let server = cluster.primary {
            // With several servers, the rest of the time is for the search, if this one does not answer.
            let share = cluster.servers.count == 1 ? deadline : .now + (deadline - .now) / 3
            do throws(PostgresError) {
                return try admitted(try open(server, deadline: share))
            } catch {
                cluster.invalidatePrimary()
                if cluster.servers.count == 1 { throw error }
            }
        }
        return try admitted(try highest())
    }

    private func highest() throws(PostgresError) -> Found {
        // The rest of the time is for the work after the search.
        let ends = deadline - (deadline - .now) / 4
        var best: Found?
        var errors: [PostgresError] = []
        for server in cluster.servers.indices {
            let share = (ends - .now) / (cluster.servers.count - server)
            do throws(PostgresError) {
                let found = try open(server, deadline: .now + share)
                guard found.identity.timeline > (best?.identity.timeline ?? 0) else {
                    found.connection.close()
                    continue
                }
                best?.connection.close()
                best = found
            } catch {
                errors.append(error)
            }
        }
        if let best { return best }
        guard errors.count != 1 else { throw errors[0] }
        throw .connectionFailed(errors.map(\.description).joined(separator: "; "))
    }

    private func admitted(_ found: Found) throws(PostgresError) -> Found {
        guard let refusal = cluster.recordPrimary(found.identity, server: found.server) else { return found }
        found.connection.close()
        throw .connectionFailed(refusal)
    }

    private func open(_ server: Int, deadline: ContinuousClock.Instant) throws(PostgresError) -> Found {
        let connection = try Connection(
            cluster.servers[server], deadline: deadline, noticeHandler: onNotice)
        if cluster.pooler == .transaction { connection.transactionSetup = .prepareTransaction }
        do throws(PostgresError) {
            let identities = try connection.run(.serverIdentity, (), deadline: deadline)
            guard let identity = identities.first else { throw .decoding("a server without an identity") }
            return Found(connection: connection, identity: identity, server: server)
        } catch {
            connection.close()
            throw error
        }
    }
}

/// The identity of the server that a connection leads to: whose data it has, and how often a standby of these data has
/// been promoted. A former primary that comes back has a lower timeline than the one that took its place, and takes
/// writes as well.
struct ServerIdentity: Equatable, Sendable {
    /// The system identifier, which `initdb` makes, and standbys and backups keep (manual, chapter 9.27.12).
    let systemIdentifier: Int64
    let timeline: Int64
}

extension Statement where Input == Void, Row == ServerIdentity {
    /// Reads the identity of a server that takes writes. The name of the WAL file that it writes begins with its
    /// timeline, immediately after a promotion; `pg_control_checkpoint` shows the new timeline later. Every role may
    /// run it.
    static let serverIdentity = Statement(
        "server_identity",
        """
        SELECT system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint
        FROM pg_control_system()
        """,
        row: ServerIdentity.init)
}
