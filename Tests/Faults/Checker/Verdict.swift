package import FaultJournal

/// What a journal shows: the violations, and the run's figures.
package struct Verdict: Sendable {
    /// In the order of their first lines.
    package let violations: [Violation]
    /// How many more there were of an invariant that has `Violation.limit` in the list.
    package let leftOut: [Invariant: Int]
    package let figures: RunFigures
    /// Whether the journal has the final read. Without it only tokens, suspensions and liveness are checked.
    package let isComplete: Bool
}

/// One violation of an invariant.
package struct Violation: Equatable, Sendable, CustomStringConvertible {
    /// How many violations of one invariant are listed.
    package static let limit = 100

    package let invariant: Invariant
    /// The lines of the journal that show it, ascending.
    package let lines: [Int]
    /// What happened, for a person.
    package let sentence: String

    package var description: String {
        let list = lines.map(String.init).joined(separator: ", ")
        return "\(invariant.rawValue): \(sentence)" + (lines.isEmpty ? "" : " [line \(list)]")
    }
}

/// The figures of a run.
package struct RunFigures: Equatable, Sendable {
    package var calls: Int
    /// Calls answered `OK`, whatever became of their items.
    package var ok: Int
    /// Calls of which nothing was applied.
    package var failed: Int
    /// Calls of which the client cannot know.
    package var unknown: Int
    /// The longest time without the end of a deciding call that was `OK`, while such calls were made.
    package var longestGap: Nanoseconds

    package init(
        calls: Int = 0, ok: Int = 0, failed: Int = 0, unknown: Int = 0, longestGap: Nanoseconds = 0
    ) {
        self.calls = calls
        self.ok = ok
        self.failed = failed
        self.unknown = unknown
        self.longestGap = longestGap
    }
}

/// The violations found so far.
struct Findings {
    private(set) var violations: [Violation] = []
    private var counts: [Invariant: Int] = [:]

    mutating func add(_ invariant: Invariant, lines: [Int], _ sentence: String) {
        counts[invariant, default: 0] += 1
        guard counts[invariant]! <= Violation.limit else { return }
        let lines = Set(lines).subtracting([0]).sorted()
        violations.append(Violation(invariant: invariant, lines: lines, sentence: sentence))
    }

    var leftOut: [Invariant: Int] {
        counts.compactMapValues { $0 > Violation.limit ? $0 - Violation.limit : nil }
    }
}
