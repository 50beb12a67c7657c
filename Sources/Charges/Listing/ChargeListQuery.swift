/// Which page of an operator's unacknowledged charges is asked for.
package struct ChargeListQuery: Equatable, Sendable {
    /// The most charges of one page.
    package static let maximumCount = 50

    package var operatorIdentifier: OperatorIdentifier
    package var filter: ChargeListFilter
    package var start: Start
    /// How many charges at most, 1 to 50.
    package var count: Int
    package var deadline: ContinuousClock.Instant

    /// Where the page begins.
    package enum Start: Equatable, Sendable {
        /// After so many charges of the list as it is now.
        case offset(Int)
        /// After a place in the list; `nil` is its beginning.
        case after(ChargePlace?)
    }

    package init(
        operatorIdentifier: OperatorIdentifier, filter: ChargeListFilter, start: Start, count: Int,
        deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.filter = filter
        self.start = start
        self.count = count
        self.deadline = deadline
    }
}

/// Which charges a list holds.
package struct ChargeListFilter: Hashable, Sendable {
    package var isProcessed: Bool
    /// `nil` is any.
    package var decision: StandingDecision?

    /// The operator's side of a charge, as a list is filtered by it.
    package enum StandingDecision: String, Sendable, CaseIterable {
        case none = "NONE"
        case accepted = "ACCEPTED"
        case declined = "DECLINED"
    }

    package init(isProcessed: Bool, decision: StandingDecision? = nil) {
        self.isProcessed = isProcessed
        self.decision = decision
    }
}

/// A charge's place in its operator's list. It never changes, so a pass that goes from place to place meets
/// every charge that is listable throughout it.
package struct ChargePlace: Hashable, Sendable {
    package var receivedOn: Timestamp
    package var number: ExactText

    package init(receivedOn: Timestamp, number: ExactText) {
        self.receivedOn = receivedOn
        self.number = number
    }
}
