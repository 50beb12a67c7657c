import Glibc

/// The number of files and connections that this process may have open (`ulimit -n`), and its division.
struct DescriptorLimit {
    /// The number in all.
    let total: Int
    /// The number for everything but callers: the database, the log, event loops, the runtime. If these lacked one, the
    /// process could end.
    let reserve: Int

    /// The most connections of one listener, however high the limit is.
    private static let maximumConnections = 4096
    /// The most connections of the administration's listener, whose callers are few.
    static let administrationConnections = 64
    /// The fewest connections of callers with which a node can serve.
    private static let minimumConnections = 32

    /// - Parameters:
    ///   - databaseConnections: The most connections to the database. Each may be opened anew before the old one is
    ///     closed.
    ///   - hasAdministration: Whether the node has the administration's listener.
    init(total: Int, databaseConnections: Int, hasAdministration: Bool = false) {
        self.total = total
        reserve =
            64 + 2 * databaseConnections + (hasAdministration ? Self.administrationConnections : 0)
    }

    /// Raises the soft limit to the hard one.
    ///
    /// - Returns: The limit as it is then.
    static func raised(databaseConnections: Int, hasAdministration: Bool) -> DescriptorLimit {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        getrlimit(resource, &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
        getrlimit(resource, &limit)
        return DescriptorLimit(
            total: Int(clamping: limit.rlim_cur), databaseConnections: databaseConnections,
            hasAdministration: hasAdministration)
    }

    /// The least limit with which a node can serve.
    var needed: Int { reserve + Self.minimumConnections }
    /// Whether a node can serve within the limit.
    var suffices: Bool { total >= needed }

    /// The most connections of the internal listener: a quarter of what the reserve leaves.
    var internalConnections: Int { min(Self.maximumConnections, (total - reserve) / 4) }

    /// The most connections of the operators' listener.
    var operatorConnections: Int { min(Self.maximumConnections, total - reserve - internalConnections) }
}
