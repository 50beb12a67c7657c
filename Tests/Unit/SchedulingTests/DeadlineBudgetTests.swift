import Testing

@testable import Scheduling

/// Tests of how a call's time is divided.
@Suite struct DeadlineBudgetTests {
    private let start = ContinuousClock.now

    @Test(
        "The work ends before the resolving, and the resolving before the answer",
        arguments: [
            (DeadlineBudget.Reserve.decision, 10_000, 8000), (.decision, 4000, 3000),
            (.provider, 10_000, 9000),
            (.provider, 1000, 900), (.reading, 10_000, 9000), (.reading, 1000, 500),
        ])
    func division(reserve: DeadlineBudget.Reserve, milliseconds: Int, workMilliseconds: Int) {
        let answerBy = start + .milliseconds(milliseconds)
        let budget = DeadlineBudget(answerBy: answerBy, keeping: reserve, now: start)
        #expect(budget.workEnds == start + .milliseconds(workMilliseconds))
        #expect(budget.workEnds <= budget.resolvingEnds)
        #expect(budget.resolvingEnds < budget.answerBy)
        #expect(budget.answerBy == answerBy)
    }
}
