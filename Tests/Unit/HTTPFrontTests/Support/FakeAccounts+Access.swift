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
                operatorAccount: Self.acme, name: "billing", isRevoked: false, tokenGeneration: generation)
        case Self.revokedKey.hash:
            return APIKeyAccount(
                operatorAccount: Self.acme, name: "old", isRevoked: true, tokenGeneration: generation)
        case Self.haltedKey.hash:
            return APIKeyAccount(
                operatorAccount: Self.halted, name: "billing", isRevoked: false, tokenGeneration: generation)
        default: return nil
        }
    }
}

/// Ends that nobody reads back: a front knows those that it brought about itself.
extension FakeAccounts: TokenEndRepository {
    func ends(after position: TokenEndPosition?, replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> TokenEndReading
    {
        if let failure { throw failure }
        let start = Timestamp(microsecondsSince2000: 0)
        return TokenEndReading(
            ends: [], position: TokenEndPosition(serverStartedOn: start, oldestTransaction: 1))
    }

    func end(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) {
        if let failure { throw failure }
    }

    func forgetOldEnds(deadline: ContinuousClock.Instant) async throws(RequestFailure) {}
}
