package import Charges
import Synchronization

/// The tokens that were revoked before they expired, as this node knows them: never older than a second.
///
/// A revocation that was read may be lost by a failover, where only the primary has it. So a token is refused by one that
/// is known to be replicated. Until then the node cannot say whether the token is good, and says so; other tokens are no
/// concern of it.
package final class TokenRevocations: Sendable {
    fileprivate struct State {
        /// What is replicated.
        var known = RevocationList()
        /// What the last reading brought besides, replicated or not.
        var unproven: [TokenRevocation] = []
        /// From where on to read: all before it is known.
        var position: TokenRevocationPosition?
        var purgedAt: ContinuousClock.Instant?
    }

    /// How often what does not matter any more is forgotten.
    fileprivate static let purgeInterval = Duration.seconds(60)
    /// How long a revocation matters that this node made itself and has not read back yet.
    private static let ownRevocationLifetime = Duration.seconds(60)
    /// How long a proof may take: as long as a commit that waits for a slow standby.
    static let proofTimeout = Duration.seconds(9)

    private let repository: any TokenRevocationRepository
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let state: SharedState
    private let reading: FreshSnapshot
    private let proof: SharedAttempt

    /// What the reading and the rest of the node both hold.
    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    /// - Parameter clock: The clock that only goes forward, for how old the knowledge is.
    package init(
        repository: any TokenRevocationRepository,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.repository = repository
        self.clock = clock
        let state = SharedState()
        self.state = state
        let proof = SharedAttempt { () throws(RequestFailure) in
            let position = state.value.withLock { $0.position }
            let changes = try await repository.revocations(
                after: position, replicated: true, deadline: .now + Self.proofTimeout)
            let now = clock()
            state.value.withLock { $0.learn(changes, now: now) }
        }
        self.proof = proof
        reading = FreshSnapshot(clock: clock) { deadline throws(RequestFailure) in
            let position = state.value.withLock { $0.position }
            // What is left of a revocation's time is counted from before it was asked for: the sum is at most too long.
            let changes = try await repository.revocations(
                after: position, replicated: false, deadline: deadline)
            let now = clock()
            let needsProof = state.value.withLock { $0.take(changes, now: now) }
            if needsProof { proof.begin() }
        }
    }

    /// Reads what has been revoked since the last time.
    ///
    /// - Throws: What reading failed with.
    package func refresh() async throws(RequestFailure) {
        try await reading.refresh()
    }

    /// Whether a token has been revoked, as it was within the last second.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the node cannot know.
    func contain(
        token identifier: String, of login: String, _ operatorIdentifier: OperatorIdentifier,
        generation: TokenGeneration
    ) async throws(RequestFailure) -> Bool {
        try await reading.ensure()
        // A proof that was under way already may not have seen it; one more has.
        for attempt in 0...2 {
            let (isKnown, isUnproven) = state.value.withLock { state in
                (
                    state.known.contain(
                        token: identifier, of: login, operatorIdentifier, generation: generation),
                    RevocationList(state.unproven)
                        .contain(token: identifier, of: login, operatorIdentifier, generation: generation)
                )
            }
            if isKnown || !isUnproven { return isKnown }
            if attempt < 2 { try await proof.run() }
        }
        throw .serviceUnavailable
    }

    /// Revokes a principal's token: on this node at once, on every other within a second.
    ///
    /// - Throws: `rateLimited` if the operator has revoked too many, `serviceUnavailable`, `outcomeUnknown`.
    package func revoke(_ principal: Principal, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
    {
        let name = ExactText(principal.tokenIdentifier)
        let operatorIdentifier = principal.operatorAccount.identifier
        try await repository.revoke(token: name, of: operatorIdentifier, deadline: deadline)
        state.value.withLock {
            $0.known.learn(
                TokenRevocation(operatorIdentifier, .token(name)), until: clock() + Self.ownRevocationLifetime
            )
        }
    }

    /// Has the repository forget what no token can outlive any more.
    func purgeExpired() async throws(RequestFailure) {
        try await repository.purgeExpired(deadline: .now + .seconds(30))
    }
}

extension TokenRevocations.State {
    /// Takes a reading that may not be replicated.
    ///
    /// - Returns: Whether it brings what is not known yet. The position then stays, so that each reading brings it again:
    ///   what a failover loses is gone with the next one.
    fileprivate mutating func take(_ changes: TokenRevocationChanges, now: ContinuousClock.Instant) -> Bool {
        unproven = changes.revocations.map(\.revocation).filter { !known.contain($0) }
        guard unproven.isEmpty else { return true }
        learn(changes, now: now)
        return false
    }

    /// Takes a reading that is replicated, or that brings nothing new.
    fileprivate mutating func learn(_ changes: TokenRevocationChanges, now: ContinuousClock.Instant) {
        for (revocation, secondsLeft) in changes.revocations {
            known.learn(revocation, until: now + .seconds(secondsLeft))
        }
        unproven.removeAll { known.contain($0) }
        position = changes.position
        guard purgedAt.map({ now - $0 >= TokenRevocations.purgeInterval }) ?? true else { return }
        known.forget(now: now)
        purgedAt = now
    }
}
