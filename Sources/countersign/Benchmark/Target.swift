/// A ratio that the service is to reach.
struct Target {
    enum Limit {
        case atLeast(Double)
        case atMost(Double)
    }

    let name: String
    let measured: Double
    let limit: Limit
    /// Behind the numbers, `MB` for instance.
    var unit = ""

    var isMet: Bool {
        switch limit {
        case .atLeast(let bound): measured >= bound
        case .atMost(let bound): measured <= bound
        }
    }

    var asked: String {
        switch limit {
        case .atLeast(let bound): "at least \(Decimals.text(bound, bound < 10 ? 2 : 0))\(unit)"
        case .atMost(let bound): "at most \(Decimals.text(bound, bound < 10 ? 2 : 0))\(unit)"
        }
    }

    var told: String { Decimals.text(measured, measured < 10 ? 2 : 0) + unit }
}
