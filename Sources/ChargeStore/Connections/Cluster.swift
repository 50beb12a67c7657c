import LibPQ
import Synchronization

/// What a node knows of its database's servers, shared by all of its pools, so that what one connection learns
/// makes the others leave.
final class Cluster: Sendable {
    /// One set of parameters for each server.
    let servers: [ConnectionParameters]
    private let state = Mutex(State())

    private struct State {
        /// Whose data these are: what was seen first.
        var systemIdentifier: Int64?
        /// The highest that was seen.
        var timeline: Int64 = 0
        /// The primary's clock, as it was read last.
        var clock: ServerClock?
        /// Where the primary was found last, until something breaks there.
        var primary: Int?
        /// Connections that are open.
        var open = 0
        /// Server processes that were left in the middle of a COMMIT, waiting for a standby perhaps. They use up
        /// the server's connections as the open ones do.
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

    /// The most connections of all pools, abandoned ones included.
    private let maximumConnections: Int

    init(_ parameters: ConnectionParameters, maximumConnections: Int) {
        self.maximumConnections = maximumConnections
        var parameters = parameters
        // No decision is ever made on a standby's data.
        parameters["target_session_attrs"] = "read-write"
        servers = parameters.servers
    }

    /// The server to try alone, unless there is reason to look at all.
    var primary: Int? { state.withLock { $0.primary } }

    /// Something broke: the next connection looks at all servers, since a standby may have been promoted.
    func invalidatePrimary() {
        state.withLock { $0.primary = nil }
    }

    /// The primary's clock, as any connection read it last; `nil` before the first.
    var clock: ServerClock? { state.withLock { $0.clock } }

    /// Takes note of what the primary's clock said.
    func recordClock(_ clock: ServerClock) {
        state.withLock { $0.clock = clock }
    }

    /// Whether connections to a server are still to be used.
    func accepts(_ identity: ServerIdentity) -> Bool {
        state.withLock { $0.refusal(of: identity) == nil }
    }

    /// Takes note of a server that takes writes.
    ///
    /// - Returns: Why it is not to be used all the same, or `nil` if it is.
    func recordPrimary(_ identity: ServerIdentity, server: Int) -> String? {
        state.withLock { state in
            if let refusal = state.refusal(of: identity) { return refusal }
            state.systemIdentifier = identity.systemIdentifier
            // What waits on a server that was replaced is no load of this one.
            if identity.timeline > state.timeline { state.abandoned = [] }
            state.timeline = identity.timeline
            state.primary = server
            return nil
        }
    }
}

extension Cluster {
    /// Server processes of which to ask whether they are there yet.
    var abandoned: Set<Int32> { state.withLock { $0.abandoned } }

    /// Says which of the abandoned ones are gone.
    func removeAbandoned(_ processes: Set<Int32>) {
        state.withLock { $0.abandoned.subtract(processes) }
    }

    /// Counts a connection in, if there is room beside the abandoned ones.
    func reserveConnection() -> Bool {
        state.withLock { state in
            guard state.open + state.abandoned.count < maximumConnections else { return false }
            state.open += 1
            return true
        }
    }

    /// Counts a connection out, and in its place the server process that it abandoned.
    func releaseConnection(abandoning process: Int32?, of identity: ServerIdentity) {
        state.withLock { state in
            state.open -= 1
            if let process, identity.timeline == state.timeline { state.abandoned.insert(process) }
        }
    }
}
