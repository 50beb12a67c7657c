/// Which tokens of an operator, and of one of its logins, are good: whatever ends tokens raises the one or the
/// other. A token bears both as they were when its password or key was read.
package struct TokenGeneration: Hashable, Sendable {
    package let ofOperator: Int
    /// Of the user or the key.
    package let ofLogin: Int

    package init(ofOperator: Int, ofLogin: Int) {
        self.ofOperator = ofOperator
        self.ofLogin = ofLogin
    }

    /// Reads `3.1`.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let second = parts[1], first > 0, second > 0 else {
            return nil
        }
        self.init(ofOperator: first, ofLogin: second)
    }

    /// As a token bears it.
    package var text: String { "\(ofOperator).\(ofLogin)" }
}

/// A key that signs tokens, shared by all nodes. The secret is in no description and no log.
package struct SigningKey: Equatable, Sendable, CustomStringConvertible {
    /// The token's `kid`.
    package let identifier: String
    /// 256 random bits.
    package let secret: [UInt8]
    /// Whether its time to sign has come. Until then every node learns of it.
    package let maySign: Bool

    package init(identifier: String, secret: [UInt8], maySign: Bool = true) {
        self.identifier = identifier
        self.secret = secret
        self.maySign = maySign
    }

    package var description: String { "signing key \(identifier)" }
}

/// Where the signing keys are kept.
package protocol SigningKeyRepository: Sendable {
    /// All keys that tokens may bear, those that may sign first, the newest first.
    ///
    /// - Parameter replicated: Whether to return only once what was read is replicated, so that tokens may be signed and
    ///   refused by it.
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
}

/// Tokens that are good no more, though they have not expired.
package struct TokenRevocation: Hashable, Sendable {
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
package struct TokenRevocationPosition: Hashable, Sendable {
    package let serverStartedOn: Timestamp
    package let oldestTransaction: Int64

    package init(serverStartedOn: Timestamp, oldestTransaction: Int64) {
        self.serverStartedOn = serverStartedOn
        self.oldestTransaction = oldestTransaction
    }
}

/// Ends of tokens that were read together.
package struct TokenRevocationChanges: Sendable {
    /// Each with how many seconds from now on a token could still be good without it.
    package let revocations: [(revocation: TokenRevocation, secondsLeft: Int)]
    package let position: TokenRevocationPosition

    package init(
        revocations: [(revocation: TokenRevocation, secondsLeft: Int)], position: TokenRevocationPosition
    ) {
        self.revocations = revocations
        self.position = position
    }
}

/// Where the ends of tokens are kept.
package protocol TokenRevocationRepository: Sendable {
    /// The ends that a reader at this position may not have seen, whatever had been committed then; without one, all
    /// that can still matter. Some may come twice.
    ///
    /// - Parameter replicated: Whether to return only once what was read is replicated, so that calls may be refused
    ///   by it.
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func revocations(
        after position: TokenRevocationPosition?, replicated: Bool, deadline: ContinuousClock.Instant
    )
        async throws(RequestFailure) -> TokenRevocationChanges

    /// Ends one token for good. Durable when it returns; ending it twice is no error.
    ///
    /// - Throws: `rateLimited` if too many of the operator's tokens were ended within their validity,
    ///   `serviceUnavailable` if nothing was done, `outcomeUnknown`.
    func revoke(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure)

    /// Forgets what no token can outlive any more.
    func purgeExpired(deadline: ContinuousClock.Instant) async throws(RequestFailure)
}
