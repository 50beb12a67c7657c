/// A whole call in which the provider takes charges, releases them, or reports their outcomes. Each item succeeds or
/// fails alone.
package struct ProcessingCall: Sendable {
    /// The maximum number of charges in one call of the provider.
    package static let maximumItems = 1000

    package var action: Action
    package var items: [Item]
    /// The time by which the call must be answered. Nothing of the call is applied after it.
    package var deadline: ContinuousClock.Instant

    /// The action on the charges.
    package enum Action: String, Sendable {
        case take
        case release
        case outcome
    }

    /// One charge, as the provider named it.
    package struct Item: Equatable, Sendable {
        package var operatorCode: ExactText
        package var number: ExactText
        /// The revision of the decision; `nil` means the current one.
        package var revision: Int?
        /// The outcome as it was sent, which may not be a valid one.
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
