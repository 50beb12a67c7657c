/// The generation of an operator's tokens and of one login's tokens. A revocation raises one of them. A token carries
/// both as they were when its password or key was read.
package struct TokenGeneration: Hashable, Sendable {
    package let ofOperator: Int
    /// The generation of the user or the key.
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

    /// The generation as a token carries it.
    package var text: String { "\(ofOperator).\(ofLogin)" }
}

/// A key that signs tokens, shared by all nodes. Descriptions and logs never contain the secret.
package struct SigningKey: Equatable, Sendable, CustomStringConvertible {
    /// The token's `kid`.
    package let identifier: String
    /// 256 random bits.
    package let secret: [UInt8]
    /// Whether the key may sign. A new key may not, until every node knows it.
    package let maySign: Bool

    package init(identifier: String, secret: [UInt8], maySign: Bool = true) {
        self.identifier = identifier
        self.secret = secret
        self.maySign = maySign
    }

    package var description: String { "signing key \(identifier)" }
}

/// The store of signing keys.
package protocol SigningKeyRepository: Sendable {
    /// All keys of valid tokens: those that may sign first, and the newest first.
    ///
    /// - Parameter replicated: Whether to return only once the rows are replicated, so that tokens may be signed and
    ///   refused by them.
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
}

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
