import ArgumentParser

extension BenchmarkOptions {
    /// What a scenario asks of the options.
    func validate(for scenario: Scenario) throws {
        if smoke { return }
        guard url == nil || !scenario.needsPrivateNode else {
            throw ValidationError("'\(scenario)' needs a private node: leave out --url and --database.")
        }
        for part in scenario == .targets ? Scenario.withTargets : [scenario] {
            // Whoever is asked to decide a charge anew must have answered for the time before, however late he is.
            let needed = max(2000, 4 * chargesNamedAtATime(by: part)) * operators
            let fixed = Self.fixedCharges(of: part)
            guard fixed ?? charges < needed else { continue }
            let change =
                fixed == nil ? "--charges is at least \(needed)" : "take fewer --operators or --connections"
            throw ValidationError("'\(part)' has too few charges for what it names at a time: \(change).")
        }
    }

    /// How many there are for calls where it is not for `--charges` to say.
    private static func fixedCharges(of scenario: Scenario) -> Int? {
        switch scenario {
        case .size: Bench.smallCharges
        case .reports: Bench.acceptedCharges
        default: nil
        }
    }

    /// Of one operator.
    private func chargesNamedAtATime(by scenario: Scenario) -> Int {
        let calls = (connections + operators - 1) / operators
        return switch scenario {
        case .load: calls * items
        case .overview, .memory: calls * Bench.batchItems
        case .batch: max(calls * Bench.batchItems, Bench.yardstickCharges)
        case .flood: floodConnections * Bench.batchItems
        case .list, .open, .gathering, .size, .reports, .targets: calls
        }
    }
}
