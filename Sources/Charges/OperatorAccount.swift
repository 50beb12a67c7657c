/// An operator as the service needs to know it when a call arrives.
package struct OperatorAccount: Hashable, Sendable {
    package let identifier: OperatorIdentifier
    package let code: String
    package let isSuspended: Bool

    package init(identifier: OperatorIdentifier, code: String, isSuspended: Bool) {
        self.identifier = identifier
        self.code = code
        self.isSuspended = isSuspended
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
