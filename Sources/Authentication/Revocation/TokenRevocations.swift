package import Charges
import Synchronization

/// The tokens that were revoked before they expired, as this node knows them: never older than a second.
///
/// A revocation that only the primary has may be lost by a failover. So only a replicated revocation makes a token
/// invalid. Until the replication is proven, calls with that token fail as unavailable. Other tokens are not affected.
package final class TokenRevocations: Sendable {
    fileprivate struct State {
        /// The revocations that are replicated.
        var known = RevocationList()
        /// The other revocations of the last read, replicated or not.
        var unproven: [TokenRevocation] = []
        /// The position of the next read. Everything before it is known.
        var position: TokenRevocationPosition?
        var purgedAt: ContinuousClock.Instant?
    }

    /// The interval between removals of expired entries.
    fileprivate static let purgeInterval = Duration.seconds(60)
    /// The lifetime of a revocation that this node made and has not read back yet.
    private static let ownRevocationLifetime = Duration.seconds(60)
    /// The time limit of a proof: as long as a commit may wait for a slow standby.
    static let proofTimeout = Duration.seconds(9)

    private let repository: any TokenRevocationRepository
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let state: SharedState
    private let reading: FreshSnapshot
    private let proof: SharedAttempt

    /// The state that the reads and the rest of the node share.
    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    /// - Parameters:
    ///   - clock: The monotonic clock, for the age of the snapshot.
    ///   - pause: Returns after the duration: the time between two reads that a call waits for.
    package init(
        repository: any TokenRevocationRepository,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
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
        reading = FreshSnapshot(clock: clock, pause: pause) { deadline throws(RequestFailure) in
            let position = state.value.withLock { $0.position }
            // The remaining lifetime was computed before `now`, so the entry is kept slightly too long at most.
            let changes = try await repository.revocations(
                after: position, replicated: false, deadline: deadline)
            let now = clock()
            let needsProof = state.value.withLock { $0.take(changes, now: now) }
            if needsProof { proof.begin() }
        }
    }

    /// Reads the revocations since the last read.
    ///
    /// - Throws: The failure of the read.
    package func refresh() async throws(RequestFailure) {
        try await reading.refresh()
    }

    /// Whether a token has been revoked, as of the last second.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the node cannot know.
    func contain(
        token identifier: String, of login: String, _ operatorIdentifier: OperatorIdentifier,
        generation: TokenGeneration
    ) async throws(RequestFailure) -> Bool {
        try await reading.ensure()
        // A proof that was under way already may not cover the revocation; one more does.
        for attempt in 0...2 {
            let (isKnown, isUnproven) = state.value.withLock { state in
                let isKnown = state.known.contain(
                    token: identifier, of: login, operatorIdentifier, generation: generation)
                // Nearly always there is nothing unproven.
                guard !isKnown, !state.unproven.isEmpty else { return (isKnown, false) }
                let unproven = RevocationList(state.unproven)
                return (
                    false,
                    unproven.contain(token: identifier, of: login, operatorIdentifier, generation: generation)
                )
            }
            if isKnown || !isUnproven { return isKnown }
            if attempt < 2 { try await proof.run() }
        }
        throw .serviceUnavailable
    }

    /// Revokes a principal's token: on this node at once, on every other node within a second.
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

    /// Deletes the revocations of expired tokens from the repository.
    func purgeExpired() async throws(RequestFailure) {
        try await repository.purgeExpired(deadline: .now + .seconds(30))
    }
}

extension TokenRevocations.State {
    /// Adds the result of a read that may not be replicated.
    ///
    /// - Returns: Whether it has revocations that are not known to be replicated. The position then stays, so that each
    ///   read returns them again, and a revocation that a failover loses is gone with the next read.
    fileprivate mutating func take(_ changes: TokenRevocationChanges, now: ContinuousClock.Instant) -> Bool {
        unproven = changes.revocations.map(\.revocation).filter { !known.contain($0) }
        guard unproven.isEmpty else { return true }
        learn(changes, now: now)
        return false
    }

    /// Adds the result of a read that is replicated, or that has nothing new.
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
