import FaultJournal

/// A fault that the suite can cause: how it begins, how long it lasts, and how it ends.
struct Injection: Sendable {
    /// What a fault is done to. Two faults at the same time are done to different things.
    enum Resource: Sendable {
        case nodes, balancer, links, servers, sessions, rows, disk, clock, calls, load
    }

    /// What a fault is given.
    struct Context {
        let cluster: Cluster
        let workload: Workload
        let journal: JournalWriter
        var generator: SeededGenerator
        /// The run's number in the cluster, for names that are not to meet those of other runs.
        let run: Int
    }

    /// A fault that is under way.
    struct Active {
        /// What it happens to, for a person.
        let target: String
        /// Ends it. What stays broken afterwards is mended when the run's faults are over.
        let end: () throws -> Void

        init(_ target: String = "", end: @escaping () throws -> Void = {}) {
            self.target = target
            self.end = end
        }
    }

    let name: String
    let touches: Set<Resource>
    /// How long it lasts, in seconds.
    let lasts: ClosedRange<Double>
    /// Whether calls may find no service meanwhile.
    let stopsService: Bool
    /// Whether it promotes a standby.
    let isFailover: Bool
    /// Whether effects of calls may be held up meanwhile, and come later.
    let delaysEffects: Bool
    let begin: @Sendable (inout Context) throws -> Active

    init(
        _ name: String, _ touches: Set<Resource>, lasts: ClosedRange<Double> = 2...5,
        stopsService: Bool = false,
        isFailover: Bool = false, delaysEffects: Bool = false,
        begin: @escaping @Sendable (inout Context) throws -> Active
    ) {
        self.name = name
        self.touches = touches
        self.lasts = lasts
        self.stopsService = stopsService
        self.isFailover = isFailover
        self.delaysEffects = delaysEffects
        self.begin = begin
    }

    /// Every fault, in the order of the results.
    static let all = processes + links + sessions + servers + pressure + machine + calls
    static func named(_ name: String) -> Injection? { all.first { $0.name == name } }
}
