import Authentication
import Charges

extension FakeAccounts: APIKeyRepository {
    static let goodKey = APIKey(text: "good-key")
    static let revokedKey = APIKey(text: "revoked-key")
    static let haltedKey = APIKey(text: "halted-key")

    func key(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure) -> APIKeyAccount?
    {
        if let failure { throw failure }
        let generation = TokenGeneration(ofOperator: 1, ofLogin: 1)
        switch hash {
        case Self.goodKey.hash:
            return APIKeyAccount(
                operatorAccount: Self.acme, name: "billing", role: .decider, isRevoked: false,
                tokenGeneration: generation)
        case Self.revokedKey.hash:
            return APIKeyAccount(
                operatorAccount: Self.acme, name: "old", role: .decider, isRevoked: true,
                tokenGeneration: generation)
        case Self.haltedKey.hash:
            return APIKeyAccount(
                operatorAccount: Self.halted, name: "billing", role: .decider, isRevoked: false,
                tokenGeneration: generation)
        default: return nil
        }
    }
}

/// The revocations that a test makes. Those that a server makes itself are never read back.
extension FakeAccounts: TokenRevocationRepository {
    func revocations(
        after position: TokenRevocationPosition?, replicated: Bool, deadline: ContinuousClock.Instant
    )
        async throws(RequestFailure) -> TokenRevocationChanges
    {
        if let failure { throw failure }
        let start = Timestamp(microsecondsSince2000: 0)
        return TokenRevocationChanges(
            revocations: changes.value.revocations.map { ($0, 3600) },
            position: TokenRevocationPosition(serverStartedOn: start, oldestTransaction: 1))
    }

    func revoke(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) {
        if let failure { throw failure }
    }

    func purgeExpired(deadline: ContinuousClock.Instant) async throws(RequestFailure) {}
}
