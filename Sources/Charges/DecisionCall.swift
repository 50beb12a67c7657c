/// A whole call of one operator: up to 50 charges, decided alike, each succeeding or failing alone.
package struct DecisionCall: Sendable {
    /// How many charges one call may carry.
    package static let maximumItems = 50

    package var operatorIdentifier: OperatorIdentifier
    /// The operator's code, for the log and for messages.
    package var operatorCode: String
    /// Who decides: the user's name, or `key:NAME` for a web API key.
    package var username: String
    package var decision: Decision
    package var items: [DecisionItem]
    /// The call's Idempotency-Key, if it bore one.
    package var idempotencyKey: ExactText?
    /// When the caller must have its answer. Nothing of the call is applied after it.
    package var deadline: ContinuousClock.Instant

    package init(
        operatorIdentifier: OperatorIdentifier, operatorCode: String, username: String, decision: Decision,
        items: [DecisionItem], idempotencyKey: ExactText? = nil, deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.operatorCode = operatorCode
        self.username = username
        self.decision = decision
        self.items = items
        self.idempotencyKey = idempotencyKey
        self.deadline = deadline
    }
}
