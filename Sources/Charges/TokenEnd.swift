/// Tokens that are good no more, though they have not expired.
package struct TokenEnd: Hashable, Sendable {
    package let operatorIdentifier: OperatorIdentifier
    package let extent: Extent

    /// Which tokens of the operator.
    package enum Extent: Hashable, Sendable {
        /// The one of this name, its `jti`.
        case token(ExactText)
        /// Those of a user or a key, as their `usr` names it, up to a generation.
        case login(ExactText, generation: Int)
        /// All, up to a generation.
        case everything(generation: Int)
    }

    package init(_ operatorIdentifier: OperatorIdentifier, _ extent: Extent) {
        self.operatorIdentifier = operatorIdentifier
        self.extent = extent
    }
}

/// How far the ends of tokens have been read. Means something to the repository alone.
package struct TokenEndPosition: Hashable, Sendable {
    package let serverStartedOn: Timestamp
    package let oldestTransaction: Int64

    package init(serverStartedOn: Timestamp, oldestTransaction: Int64) {
        self.serverStartedOn = serverStartedOn
        self.oldestTransaction = oldestTransaction
    }
}

/// Ends of tokens that were read together.
package struct TokenEndReading: Sendable {
    /// Each with how many seconds from now on a token could still be good without it.
    package let ends: [(end: TokenEnd, secondsLeft: Int)]
    package let position: TokenEndPosition

    package init(ends: [(end: TokenEnd, secondsLeft: Int)], position: TokenEndPosition) {
        self.ends = ends
        self.position = position
    }
}

/// Where the ends of tokens are kept.
package protocol TokenEndRepository: Sendable {
    /// The ends that a reader at this position may not have seen, whatever had been committed then; without one, all
    /// that can still matter. Some may come twice.
    ///
    /// - Parameter replicated: Whether to return only once what was read is replicated, so that calls may be refused
    ///   by it.
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func ends(after position: TokenEndPosition?, replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> TokenEndReading

    /// Ends one token for good. Durable when it returns; ending it twice is no error.
    ///
    /// - Throws: `rateLimited` if too many of the operator's tokens were ended within their validity,
    ///   `serviceUnavailable` if nothing was done, `outcomeUnknown`.
    func end(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure)

    /// Forgets what no token can outlive any more.
    func forgetOldEnds(deadline: ContinuousClock.Instant) async throws(RequestFailure)
}
