/// The times of one call, from the moment by which it must be answered.
///
/// The three follow each other. Until `workEnds` the call's transaction may run: the server ends the statement then, and
/// applies nothing of the call afterwards. The answer to the statement is awaited for `answerMargin` longer, so that a
/// statement that the server ended is known to have ended. If the answer to a COMMIT is lost, another connection
/// resolves the commit until `resolvingEnds`. The rest is for the way back to the caller, who has an answer at
/// `answerBy`, whatever is still under way.
package struct DeadlineBudget: Sendable {
    /// The moment after which nothing of the call is applied.
    package let workEnds: ContinuousClock.Instant
    /// The moment after which an in-doubt commit is left unresolved.
    package let resolvingEnds: ContinuousClock.Instant
    /// The moment by which the caller is answered.
    package let answerBy: ContinuousClock.Instant

    /// The time for which the answer to a statement is awaited after `workEnds`.
    package static let answerMargin = Duration.milliseconds(250)

    private static let resolvingMargin = Duration.milliseconds(100)

    /// The time that a call keeps for what comes after its work.
    package struct Reserve: Sendable {
        let maximum: Duration
        /// The time left is divided by this number. The quotient is kept if it is shorter than `maximum`.
        let divisor: Int

        package init(maximum: Duration, divisor: Int) {
            self.maximum = maximum
            self.divisor = divisor
        }

        /// The reserve of an operator's call that decides, whose in-doubt commit is resolved.
        package static let decision = Reserve(maximum: .seconds(2), divisor: 4)
        /// The reserve of a provider's call. Its in-doubt commit is not resolved, since repeating the call is harmless.
        package static let provider = Reserve(maximum: .seconds(1), divisor: 10)
        /// The reserve of a reading. Cancelling a statement that gets no answer takes time.
        package static let reading = Reserve(maximum: .seconds(1), divisor: 2)
    }

    /// Divides the time from now on.
    package init(answerBy: ContinuousClock.Instant, keeping reserve: Reserve) {
        self.init(answerBy: answerBy, keeping: reserve, now: .now)
    }

    init(answerBy: ContinuousClock.Instant, keeping reserve: Reserve, now: ContinuousClock.Instant) {
        self.answerBy = answerBy
        workEnds = answerBy - min(reserve.maximum, (answerBy - now) / reserve.divisor)
        resolvingEnds = answerBy - Self.resolvingMargin
    }
}
