import FaultChecker

/// A sabotage that the checker must notice: it shows that the suite finds what it looks for. The sabotage comes from
/// outside, by SQL, settings and proxies.
struct Control: Sendable {
    /// The invariants of which one at least must be found broken.
    let expected: [String]
    private let injection: Injection

    init(
        _ name: String, _ expected: [Invariant], lasts: ClosedRange<Double> = 60...60,
        stopsService: Bool = false,
        isFailover: Bool = false,
        begin: @escaping @Sendable (inout Injection.Context) throws -> Injection.Active
    ) {
        self.expected = expected.map(\.rawValue)
        injection = Injection(
            "control-" + name, [], lasts: lasts, stopsService: stopsService, isFailover: isFailover,
            delaysEffects: true, begin: begin)
    }

    /// The run with the sabotage.
    var scenario: Scenario {
        var scenario = Scenario(
            name: injection.name, tracks: [Scenario.Track(name: "sabotage", injections: [injection])])
        scenario.control = self
        return scenario
    }
    /// The run of the same seed without it.
    var without: Scenario { Scenario(name: injection.name + "-without", tracks: []) }

    static let all: [Control] = servers + rows + answers + feed
}
