/// A whole call with which the provider takes charges, releases them, or tells what became of them, each
/// succeeding or failing alone.
package struct ProcessingCall: Sendable {
    /// How many charges one call of the provider may carry.
    package static let maximumItems = 1000

    package var action: Action
    package var items: [Item]
    /// When the caller must have its answer. Nothing of the call is applied after it.
    package var deadline: ContinuousClock.Instant

    /// What is done with the charges.
    package enum Action: String, Sendable {
        case take
        case release
        case outcome
    }

    /// One charge, as the provider named it.
    package struct Item: Equatable, Sendable {
        package var operatorCode: ExactText
        package var number: ExactText
        /// The decision that is meant; `nil` for whichever stands.
        package var revision: Int?
        /// The outcome as it came, which may be none.
        package var outcome: String?

        package init(
            operatorCode: ExactText, number: ExactText, revision: Int? = nil, outcome: String? = nil
        ) {
            self.operatorCode = operatorCode
            self.number = number
            self.revision = revision
            self.outcome = outcome
        }
    }

    package init(action: Action, items: [Item], deadline: ContinuousClock.Instant) {
        self.action = action
        self.items = items
        self.deadline = deadline
    }
}
