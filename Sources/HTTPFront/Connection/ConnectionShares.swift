import Synchronization

/// The connections of a listener, shared among the addresses of its clients. Any thread may use it.
///
/// An address may have some connections, a trusted proxy any number. A connection that would be one too many replaces
/// one that waits for its client: of its own address at the address's bound, and of the address that has most at the
/// listener's, so that the connections of others stay. Those of trusted proxies are replaced last. Where every
/// connection has a call under way, the new one is refused.
final class ConnectionShares: Sendable {
    /// The most connections. The listener may have some more at a moment, since one that is replaced takes a while to
    /// close.
    let maximum: Int
    private let maximumPerAddress: Int
    private let trustedProxies: TrustedProxies
    private let levels: ConnectionLevels
    private let bounds: BoundReport
    private let table = Mutex(ConnectionTable())

    /// - Parameter maximum: The most connections, besides those that are being closed.
    init(
        maximum: Int, maximumPerAddress: Int, trustedProxies: TrustedProxies, levels: ConnectionLevels,
        bounds: BoundReport
    ) {
        self.maximum = maximum
        self.maximumPerAddress = maximumPerAddress
        self.trustedProxies = trustedProxies
        self.levels = levels
        self.bounds = bounds
    }

    /// Counts a new connection.
    ///
    /// - Parameters:
    ///   - address: The client's address.
    ///   - close: Closes the connection. It may be called more than once, on any thread.
    /// - Returns: The connection, whose end must be reported with `closed`; `nil` if it is refused.
    func open(from address: String, close: @escaping @Sendable () -> Void) -> ClientConnection? {
        let isProxy = trustedProxies.contains(address)
        let new = ClientConnection(address: IPAddress.network(of: address), levels: levels, close: close)
        let answer = table.withLock {
            $0.open(new, isProxy: isProxy, maximum: maximum, maximumPerAddress: maximumPerAddress)
        }
        switch answer {
        case .opened: return new
        case .replaced(let other, let bound):
            bounds.met(bound, address: other.address)
            other.close()
            return new
        case .refused(let bound):
            bounds.met(bound, address: new.address)
            new.closed()
            return nil
        }
    }

    /// Counts a connection that has been closed, for whatever reason.
    func closed(_ connection: ClientConnection) {
        connection.closed()
        table.withLock { $0.remove(connection) }
    }
}

/// The table of a listener's connections by address. It is a value without a lock.
struct ConnectionTable {
    /// The connections of one address.
    private struct Share {
        let isProxy: Bool
        var connections: [ObjectIdentifier: ClientConnection] = [:]

        /// The connection that is the first to be closed.
        var first: Candidate? {
            var first: Candidate?
            for connection in connections.values {
                guard let order = connection.closingOrder else { continue }
                if let first, first.order < order { continue }
                first = Candidate(connection: connection, order: order)
            }
            return first
        }
    }

    /// A connection that could be closed.
    private struct Candidate {
        let connection: ClientConnection
        let order: ClientConnection.ClosingOrder
    }

    /// The most addresses with the same number of connections that are compared: enough that an idle connection is
    /// hardly ever closed while others are silent, and few enough for a flood from thousands of addresses.
    private static let comparedShares = 8

    private var shares: [String: Share] = [:]
    private(set) var count = 0

    /// The answer to a new connection.
    enum Answer {
        case opened
        /// The connection takes the place of another one, which must be closed.
        case replaced(ClientConnection, CallerBound)
        case refused(CallerBound)
    }

    mutating func open(_ new: ClientConnection, isProxy: Bool, maximum: Int, maximumPerAddress: Int) -> Answer
    {
        let share = shares[new.address] ?? Share(isProxy: isProxy)
        let bound: CallerBound
        let replaced: ClientConnection?
        if !isProxy, share.connections.count >= maximumPerAddress {
            bound = .addressConnections
            replaced = share.first?.connection
        } else if count >= maximum {
            bound = .connections
            replaced = first(ofProxies: false) ?? first(ofProxies: true)
        } else {
            add(new, isProxy: isProxy)
            return .opened
        }
        guard let replaced else { return .refused(bound) }
        remove(replaced)
        add(new, isProxy: isProxy)
        return .replaced(replaced, bound)
    }

    mutating func remove(_ connection: ClientConnection) {
        guard let share = shares[connection.address],
            share.connections[ObjectIdentifier(connection)] != nil
        else { return }
        count -= 1
        if share.connections.count == 1 {
            shares[connection.address] = nil
        } else {
            shares[connection.address]?.connections[ObjectIdentifier(connection)] = nil
        }
    }

    private mutating func add(_ connection: ClientConnection, isProxy: Bool) {
        count += 1
        shares[connection.address, default: Share(isProxy: isProxy)]
            .connections[ObjectIdentifier(connection)] = connection
    }

    /// The connection that is the first to be closed, of the address with most connections that has one.
    private func first(ofProxies: Bool) -> ClientConnection? {
        let candidates = shares.values.lazy.filter { $0.isProxy == ofProxies }
        var level = Int.max
        while let most = candidates.lazy.map(\.connections.count).filter({ $0 < level }).max() {
            level = most
            var found: Candidate?
            var compared = 0
            for share in candidates where share.connections.count == most {
                guard let first = share.first else { continue }
                if found.map({ first.order < $0.order }) ?? true { found = first }
                compared += 1
                if compared == Self.comparedShares { break }
            }
            if let found { return found.connection }
        }
        return nil
    }
}
