/// Where an operator's charges are read.
package protocol ChargeRepository: Sendable {
    /// One page of an operator's unacknowledged charges, oldest first: by when they were received, then by
    /// number.
    ///
    /// - Throws: `RequestFailure`: `serviceUnavailable` if the database did not answer before the deadline,
    ///   `rateLimited` if the operator is beyond its share of the queue.
    func page(_ query: ChargeListQuery) async throws(RequestFailure) -> ChargePage

    /// One charge of an operator with all its decisions, acknowledged or not; `nil` if the operator has none of
    /// this name.
    ///
    /// - Throws: As `page`.
    func charge(
        named name: ChargeName, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Charge?
}

/// What names a charge to its operator.
package enum ChargeName: Equatable, Sendable {
    case number(ExactText)
    /// Any reference number that was ever given to it.
    case referenceNumber(ExactText)
}
