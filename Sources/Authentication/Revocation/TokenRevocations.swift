package import Charges
import Synchronization

/// Which tokens were ended before they expired, as this node knows it: never older than a second.
package final class TokenRevocations: Sendable {
    private struct State {
        var known = RevocationList()
        var position: TokenRevocationPosition?
        var forgotAt: ContinuousClock.Instant?
    }

    /// How often what does not matter any more is forgotten.
    private static let forgetInterval = Duration.seconds(60)
    /// How long an end matters that this node brought about itself and has not read back yet.
    private static let ownEndLifetime = Duration.seconds(60)

    private let repository: any TokenRevocationRepository
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let state: SharedState
    private let reading: FreshSnapshot

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
        reading = FreshSnapshot(clock: clock) { deadline throws(RequestFailure) in
            let position = state.value.withLock { $0.position }
            // What is left of an end's time is counted from before it was asked for: the sum is at most too long.
            var reading = try await repository.revocations(
                after: position, replicated: false, deadline: deadline)
            // A token is refused by an end that no failover can lose; most readings bring none.
            let bringsNews = state.value.withLock { state in
                reading.revocations.contains { !state.known.contain($0.revocation) }
            }
            if bringsNews {
                reading = try await repository.revocations(
                    after: position, replicated: true, deadline: deadline)
            }
            let now = clock()
            state.value.withLock { state in
                for (end, secondsLeft) in reading.revocations {
                    state.known.learn(end, until: now + .seconds(secondsLeft))
                }
                state.position = reading.position
                guard state.forgotAt.map({ now - $0 >= Self.forgetInterval }) ?? true else { return }
                state.known.forget(now: now)
                state.forgotAt = now
            }
        }
    }

    /// Reads what has ended since the last time.
    ///
    /// - Throws: What reading failed with.
    package func refresh() async throws(RequestFailure) {
        try await reading.refresh()
    }

    /// Whether a token has been ended, as it was within the last second.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the node cannot know.
    func contain(
        token identifier: String, of login: String, _ operatorIdentifier: OperatorIdentifier,
        generation: TokenGeneration
    ) async throws(RequestFailure) -> Bool {
        try await reading.ensure()
        return state.value.withLock {
            $0.known.contain(token: identifier, of: login, operatorIdentifier, generation: generation)
        }
    }

    /// Ends a caller's token: on this node at once, on every other within a second.
    ///
    /// - Throws: `rateLimited` if the operator has ended too many, `serviceUnavailable`, `outcomeUnknown`.
    package func revoke(_ principal: Principal, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
    {
        let name = ExactText(principal.tokenIdentifier)
        let operatorIdentifier = principal.operatorAccount.identifier
        try await repository.revoke(token: name, of: operatorIdentifier, deadline: deadline)
        state.value.withLock {
            $0.known.learn(
                TokenRevocation(operatorIdentifier, .token(name)), until: clock() + Self.ownEndLifetime)
        }
    }

    /// Has the repository forget what no token can outlive any more.
    func purgeExpired() async throws(RequestFailure) {
        try await repository.purgeExpired(deadline: .now + .seconds(30))
    }
}
