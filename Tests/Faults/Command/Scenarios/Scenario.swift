/// What a run does beside its load: a fault that gives the scenario its name, again and again, and at the same time
/// others that the seed chooses.
struct Scenario: Sendable {
    /// Faults that come one after another.
    struct Track: Sendable {
        let name: String
        let injections: [Injection]
    }

    let name: String
    let tracks: [Track]
    /// The invariant that a control must break.
    var control: Control?
    /// Whether an operator of its own decides by files meanwhile.
    var decidesByFile = false

    /// A run without faults, a run for each fault, and a run with any of them.
    static let all: [Scenario] =
        [Scenario(name: "calm", tracks: [])] + Injection.all.map(Scenario.init(of:)) + [
            decisionFiles,
            Scenario(
                name: "mixed",
                tracks: [
                    Track(
                        name: "first",
                        injections: Injection.all.filter { !$0.touches.isDisjoint(with: Self.outer) }),
                    Track(
                        name: "second",
                        injections: Injection.all.filter { $0.touches.isDisjoint(with: Self.outer) }),
                ]),
        ]
    /// Files that are carried out by nodes which are killed, frozen and restarted.
    private static let decisionFiles: Scenario = {
        let isOfNodes = { (injection: Injection) in injection.touches.contains(.nodes) }
        var scenario = Scenario(
            name: "decision-files",
            tracks: [
                Track(name: "first", injections: Injection.all.filter(isOfNodes)),
                Track(
                    name: "second",
                    injections: Injection.all.filter {
                        $0.touches.isDisjoint(with: outer) && !$0.stopsService
                    }),
            ])
        scenario.decidesByFile = true
        return scenario
    }()
    /// What the first of two faults at once is done to, so that the second is done to something else.
    private static let outer: Set<Injection.Resource> = [.nodes, .balancer, .calls, .load, .clock]

    /// The scenarios of a short run. Switchovers and planned restarts are the drill's, a lost primary is the cluster
    /// stories'.
    static let brief = [
        "node-killed", "node-frozen", "standby-killed", "unreplicated-failover", "commit-cut-after",
    ]

    static func named(_ name: String) -> Scenario? {
        (all + Control.all.flatMap { [$0.scenario, $0.without] }).first { $0.name == name }
    }

    init(name: String, tracks: [Track]) {
        self.name = name
        self.tracks = tracks
    }

    /// A fault with companions of other kinds. Those that end the service on their own are left to their own runs.
    private init(of injection: Injection) {
        name = injection.name
        let companions = Injection.all.filter {
            $0.touches.isDisjoint(with: injection.touches) && !$0.stopsService && $0.name != injection.name
        }
        tracks = [
            Track(name: "first", injections: [injection]), Track(name: "second", injections: companions),
        ]
    }
}
