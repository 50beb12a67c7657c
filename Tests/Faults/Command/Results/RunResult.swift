/// What a run has shown: a row of the table, a line of the results file.
struct RunResult: Codable, Sendable {
    /// A promise that was broken.
    struct Violation: Codable, Sendable {
        /// The name of the invariant.
        let invariant: String
        let description: String
    }

    let scenario: String
    let seed: UInt64
    let seconds: Double
    let calls: Int
    let ok: Int
    /// Calls that were answered with the word that nothing was applied.
    let failed: Int
    let unknown: Int
    let longestGapSeconds: Double
    /// The rate before the first fault.
    let okPerSecond: Double
    /// The time from the end of the last fault until the rate was back to 95 %. `nil` if it was not.
    let recoverySeconds: Double?
    let violations: [Violation]
    /// The faults that were caused, a line each.
    let faults: [String]
    /// For a control: the invariants of which one must be broken.
    var expected: [String]?

    /// Whether the run shows what it should.
    var isGood: Bool {
        guard let expected else { return violations.isEmpty }
        return violations.contains { expected.contains($0.invariant) }
    }

    /// The command that makes the run once more.
    var replay: String { "scripts/faults --scenario \(scenario) --seed \(seed) --seconds \(Int(seconds))" }
}
