/// A whole call of one operator: up to 50 charges, treated alike, each succeeding or failing alone.
package struct DecisionCall: Sendable {
    /// How many charges one call may carry.
    package static let maximumItems = 50

    package var operatorIdentifier: OperatorIdentifier
    /// The operator's code, for the log and for messages.
    package var operatorCode: String
    /// Who decides: the user's name, or `key:NAME` for a web API key.
    package var username: String
    /// What is done with each.
    package var action: ChargeAction
    package var items: [DecisionItem]
    /// The call's Idempotency-Key, if it bore one.
    package var idempotencyKey: ExactText?
    /// Whether deciding what stands so decided succeeds and changes nothing; otherwise it is a failure.
    package var repeatsSucceed: Bool
    /// When the caller must have its answer. Nothing of the call is applied after it.
    package var deadline: ContinuousClock.Instant

    package init(
        operatorIdentifier: OperatorIdentifier, operatorCode: String, username: String, action: ChargeAction,
        items: [DecisionItem], idempotencyKey: ExactText? = nil, repeatsSucceed: Bool = false,
        deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.operatorCode = operatorCode
        self.username = username
        self.action = action
        self.items = items
        self.idempotencyKey = idempotencyKey
        self.repeatsSucceed = repeatsSucceed
        self.deadline = deadline
    }
}
