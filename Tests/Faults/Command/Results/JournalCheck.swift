import FaultChecker

/// What the checker says of a journal, as results have it.
enum JournalCheck {
    /// The violations that a journal shows.
    static func violations(inJournal path: String) throws -> [RunResult.Violation] {
        let verdict = try Checker.check(path: path)
        guard verdict.isComplete else { throw Shell.Failure(description: "the journal has no final read") }
        return verdict.violations.map { violation in
            RunResult.Violation(invariant: violation.invariant.rawValue, description: violation.description)
        }
    }
}
