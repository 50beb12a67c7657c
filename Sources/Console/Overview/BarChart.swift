import Charges

/// The chart of the decisions of each day, as SVG: a bar of accepted charges with one of declined ones on it. A table
/// says the same in words.
struct BarChart: Sendable {
    struct Bar: Sendable {
        let x: Int
        let acceptedY: Int
        let acceptedHeight: Int
        let declinedY: Int
        let declinedHeight: Int
        let day: String
        /// The day of the month, below the bar.
        let label: String
        let labelX: Int
        let accepted: String
        let declined: String
    }

    let bars: [Bar]
    let width: Int
    let height: Int
    /// The highest sum of a day, which the highest bar has.
    let highest: String
    let hasDecisions: Bool

    private static let barWidth = 24
    private static let step = 32
    private static let plotHeight = 120

    init(_ days: [DecisionDay]) {
        let sums = days.map { Self.number($0.accepted) + Self.number($0.declined) }
        let most = max(1, sums.max() ?? 1)
        func scaled(_ number: Int) -> Int { (number * Self.plotHeight + most - 1) / most }
        bars = days.enumerated().map { index, day in
            let accepted = scaled(Self.number(day.accepted))
            let declined = scaled(Self.number(day.declined))
            let date = Format.date(day.day)
            return Bar(
                x: index * Self.step, acceptedY: Self.plotHeight - accepted, acceptedHeight: accepted,
                declinedY: max(0, Self.plotHeight - accepted - declined), declinedHeight: declined,
                day: date, label: String(date.suffix(2)), labelX: index * Self.step + Self.barWidth / 2,
                accepted: Format.count(day.accepted), declined: Format.count(day.declined))
        }
        width = days.count * Self.step
        height = Self.plotHeight + 20
        highest = Format.count(Int64(sums.max() ?? 0))
        hasDecisions = sums.contains { $0 > 0 }
    }

    /// The number that a bar shows of a count.
    private static func number(_ count: BoundedCount) -> Int {
        switch count {
        case .exactly(let number), .atLeast(let number): number
        case .moreThanLimit: BoundedCount.limit
        }
    }
}
