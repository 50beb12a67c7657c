/// The state of one operator's charges, as the first page shows it.
package struct Overview: Equatable, Sendable {
    package var undecided: UndecidedCharges
    /// The unacknowledged charges of each final status.
    package var processed: [ProcessedCount]
    /// The failed items of the last seven days, the most frequent code first.
    package var failedItems: [FailedItems]
    /// The decisions of the last 14 days in the operator's zone, the oldest day first. The last one is today.
    package var decisions: [DecisionDay]

    /// The number of days of `decisions`, with today.
    package static let decisionDayCount = 14

    package init(
        undecided: UndecidedCharges, processed: [ProcessedCount], failedItems: [FailedItems],
        decisions: [DecisionDay]
    ) {
        self.undecided = undecided
        self.processed = processed
        self.failedItems = failedItems
        self.decisions = decisions
    }
}

/// The pending charges without a decision.
package struct UndecidedCharges: Equatable, Sendable {
    /// The count of each age, in the order of `UndecidedAge.allCases`.
    package var byAge: [BoundedCount]
    /// The count of each deadline, in the order of `UndecidedDeadline.allCases`; `nil` if no policy will decide them.
    package var byDeadline: [BoundedCount]?
    /// When the oldest of them was received; `nil` if there is none. If a count by age is `atLeast`, one that was
    /// received earlier may have been left out.
    package var oldestReceivedOn: Timestamp?

    package init(byAge: [BoundedCount], byDeadline: [BoundedCount]?, oldestReceivedOn: Timestamp?) {
        self.byAge = byAge
        self.byDeadline = byDeadline
        self.oldestReceivedOn = oldestReceivedOn
    }
}

/// The time since an undecided charge was received. The raw values are the store's.
package enum UndecidedAge: Int, CaseIterable, Sendable {
    case underOneDay
    case oneToThreeDays
    case threeToSevenDays
    case sevenDaysOrMore
}

/// The time until the operator's policy decides an undecided charge.
package enum UndecidedDeadline: CaseIterable, Sendable {
    /// The time has come: a node decides it next, or an hour after an outage.
    case passed
    case withinOneDay
    case oneToThreeDays
    case overThreeDays
}

/// The number of unacknowledged charges of a final status.
package struct ProcessedCount: Equatable, Sendable {
    package var status: ChargeStatus
    package var count: BoundedCount

    package init(status: ChargeStatus, count: BoundedCount) {
        self.status = status
        self.count = count
    }
}

/// The number of an operator's items that failed with one code. Items are counted by the hour, so that a period begins
/// with a full hour.
package struct FailedItems: Equatable, Sendable {
    /// The code as the API has it; one that a later build counted may be unknown to this one.
    package var code: String
    /// The number in the current hour and the 23 hours before it.
    package var lastDay: Int
    /// The number in the current hour and the 167 hours before it.
    package var lastWeek: Int

    package init(code: String, lastDay: Int, lastWeek: Int) {
        self.code = code
        self.lastDay = lastDay
        self.lastWeek = lastWeek
    }
}

/// The decisions of an operator in one day of its zone, a charge decided twice counting twice. A decision belongs to the
/// day in which it got its event number, as in statements; that is within seconds of its commit.
package struct DecisionDay: Equatable, Sendable {
    /// The day's midnight: a calendar value, never shifted.
    package var day: Timestamp
    package var accepted: BoundedCount
    package var declined: BoundedCount

    package init(day: Timestamp, accepted: BoundedCount, declined: BoundedCount) {
        self.day = day
        self.accepted = accepted
        self.declined = declined
    }
}

/// The store of overviews.
package protocol OverviewRepository: Sendable {
    /// The overview of one operator's charges. Its parts are read one after the other, so that they may differ by what
    /// was decided in between.
    ///
    /// - Throws: `RequestFailure`: `serviceUnavailable` if the database did not answer before the deadline,
    ///   `rateLimited` if the operator is beyond its share of the queue.
    func overview(
        of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Overview
}
