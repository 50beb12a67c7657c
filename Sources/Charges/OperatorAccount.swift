/// An operator as the service needs to know it when a call arrives.
package struct OperatorAccount: Hashable, Sendable {
    package let identifier: OperatorIdentifier
    package let code: String
    package let isSuspended: Bool
    /// The operator's own choice; `nil` leaves it to the node's setting.
    package let errorStatusPolicy: ErrorStatusPolicy?
    /// Whether accepting what stands accepted, or declining what stands declined, succeeds and changes nothing.
    package let repeatedDecisionsSucceed: Bool

    package init(
        identifier: OperatorIdentifier, code: String, isSuspended: Bool,
        errorStatusPolicy: ErrorStatusPolicy? = nil, repeatedDecisionsSucceed: Bool = false
    ) {
        self.identifier = identifier
        self.code = code
        self.isSuspended = isSuspended
        self.errorStatusPolicy = errorStatusPolicy
        self.repeatedDecisionsSucceed = repeatedDecisionsSucceed
    }
}

/// Where operators are looked up.
package protocol OperatorRepository: Sendable {
    /// The operator with this code, compared by bytes, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
}
