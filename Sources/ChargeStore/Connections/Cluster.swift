import LibPQ
import Synchronization

/// A node's knowledge of its database's servers, shared by all of its pools: what one connection learns makes the
/// others leave a server that is no longer the primary.
final class Cluster: Sendable {
    /// One set of parameters for each server.
    let servers: [ConnectionParameters]
    private let state = Mutex(State())

    private struct State {
        /// The system identifier of the first server that was seen; servers with another one are refused.
        var systemIdentifier: Int64?
        /// The highest timeline that was seen.
        var timeline: Int64 = 0
        /// The server where the primary was last found, until a connection to it fails.
        var primary: Int?
        /// The number of open connections.
        var open = 0
        /// The server processes that were left during a COMMIT, perhaps waiting for a standby. They use up the server's
        /// connections as the open ones do.
        var abandoned: Set<Int32> = []

        func refusal(of identity: ServerIdentity) -> String? {
            if let systemIdentifier, systemIdentifier != identity.systemIdentifier {
                return "the server holds another database cluster (system identifier "
                    + "\(identity.systemIdentifier)) than this node has used (\(systemIdentifier)); "
                    + "restart the node if that is meant"
            }
            guard identity.timeline < timeline else { return nil }
            return
                "the server is on timeline \(identity.timeline), and this node has seen timeline \(timeline): "
                + "it is a primary that was replaced"
        }
    }

    /// What is between the node and its servers.
    let pooler: DatabasePooler

    /// The most connections of all pools, with the abandoned server processes.
    private let maximumConnections: Int

    /// The primary's clock.
    let databaseClock: DatabaseClock

    init(
        _ parameters: ConnectionParameters, maximumConnections: Int,
        databaseClock: DatabaseClock = DatabaseClock(), pooler: DatabasePooler = .none
    ) {
        self.pooler = pooler
        self.maximumConnections = maximumConnections
        self.databaseClock = databaseClock
        var parameters = parameters
        // No decision rests on a standby's data.
        parameters["target_session_attrs"] = "read-write"
        servers = parameters.servers
    }

    /// The index of the server to try alone; `nil` if the next connection must look at all servers.
    var primary: Int? { state.withLock { $0.primary } }

    /// Forgets where the primary is, after a failure: the next connection looks at all servers, since a standby may
    /// have been promoted.
    func invalidatePrimary() {
        state.withLock { $0.primary = nil }
    }

    /// The primary's clock, as any connection last read it; `nil` before the first reading.
    var clock: ServerClock? { databaseClock.reading }

    /// Records a reading of the primary's clock.
    func recordClock(_ clock: ServerClock) {
        databaseClock.record(clock)
    }

    /// Whether connections to a server may still be used.
    func accepts(_ identity: ServerIdentity) -> Bool {
        state.withLock { $0.refusal(of: identity) == nil }
    }

    /// Records a server that takes writes.
    ///
    /// - Returns: The reason for which the server must not be used; `nil` if it may be.
    func recordPrimary(_ identity: ServerIdentity, server: Int) -> String? {
        state.withLock { state in
            if let refusal = state.refusal(of: identity) { return refusal }
            state.systemIdentifier = identity.systemIdentifier
            // Processes that wait on a replaced server are no load of this one.
            if identity.timeline > state.timeline {
                state.abandoned = []
                // The clock that was read is the replaced server's.
                databaseClock.forget()
            }
            state.timeline = identity.timeline
            state.primary = server
            return nil
        }
    }
}

extension Cluster {
    /// The abandoned server processes that may still be there.
    var abandoned: Set<Int32> { state.withLock { $0.abandoned } }

    /// Removes abandoned processes that are gone.
    func removeAbandoned(_ processes: Set<Int32>) {
        state.withLock { $0.abandoned.subtract(processes) }
    }

    /// Counts a new connection, if there is room for it beside the abandoned processes.
    func reserveConnection() -> Bool {
        state.withLock { state in
            guard state.open + state.abandoned.count < maximumConnections else { return false }
            state.open += 1
            return true
        }
    }

    /// Uncounts a connection, and counts the server process that it abandoned in its place.
    func releaseConnection(abandoning process: Int32?, of identity: ServerIdentity) {
        state.withLock { state in
            state.open -= 1
            if let process, identity.timeline == state.timeline { state.abandoned.insert(process) }
        }
    }
}
