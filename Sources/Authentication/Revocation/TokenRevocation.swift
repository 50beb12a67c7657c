package import Charges

/// A revocation of tokens that have not expired.
package struct TokenRevocation: Hashable, Sendable {
    package let operatorIdentifier: OperatorIdentifier
    package let extent: Extent

    /// The tokens of the operator that are revoked.
    package enum Extent: Hashable, Sendable {
        /// The token with this `jti`.
        case token(ExactText)
        /// The tokens of a user or a key, as their `usr` names it, up to a generation.
        case login(ExactText, generation: Int)
        /// All tokens up to a generation.
        case everything(generation: Int)
    }

    package init(_ operatorIdentifier: OperatorIdentifier, _ extent: Extent) {
        self.operatorIdentifier = operatorIdentifier
        self.extent = extent
    }
}

/// The position up to which revocations have been read. Its values have a meaning to the repository alone.
package struct TokenRevocationPosition: Hashable, Sendable {
    package let serverStartedOn: Timestamp
    package let oldestTransaction: Int64

    package init(serverStartedOn: Timestamp, oldestTransaction: Int64) {
        self.serverStartedOn = serverStartedOn
        self.oldestTransaction = oldestTransaction
    }
}

/// The revocations of one read.
package struct TokenRevocationChanges: Sendable {
    /// The revocations, each with the number of seconds for which it still matters.
    package let revocations: [(revocation: TokenRevocation, secondsLeft: Int)]
    package let position: TokenRevocationPosition

    package init(
        revocations: [(revocation: TokenRevocation, secondsLeft: Int)], position: TokenRevocationPosition
    ) {
        self.revocations = revocations
        self.position = position
    }
}

/// The store of revocations.
package protocol TokenRevocationRepository: Sendable {
    /// The revocations that a reader at this position may not have seen, whatever had been committed by then. Without a
    /// position, all that can still matter. A revocation may be returned twice.
    ///
    /// - Parameter replicated: Whether to return only once the rows are replicated, so that calls may be refused by
    ///   them.
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func revocations(
        after position: TokenRevocationPosition?, replicated: Bool, deadline: ContinuousClock.Instant
    )
        async throws(RequestFailure) -> TokenRevocationChanges

    /// Revokes one token. The revocation is durable when the method returns. Revoking a token twice is not an error.
    ///
    /// - Throws: `rateLimited` if the operator has revoked too many tokens that have not expired, `serviceUnavailable`
    ///   if nothing was applied, `outcomeUnknown`.
    func revoke(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure)

    /// Deletes the revocations of tokens that have all expired.
    func purgeExpired(deadline: ContinuousClock.Instant) async throws(RequestFailure)
}
