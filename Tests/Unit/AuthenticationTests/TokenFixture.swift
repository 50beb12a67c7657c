import Charges

@testable import Authentication

/// An issuer and a verifier of one node, on a manual clock and a fake database.
struct TokenFixture {
    let repositories: FakeRepositories
    let clock: ManualClock
    let keys: TokenKeys
    let tokenRevocations: TokenRevocations
    let issuer: TokenIssuer
    let verifier: TokenVerifier

    init(
        _ repositories: FakeRepositories = FakeRepositories(
            .init(operators: [.acme, .globex], keys: [SigningKey("k1", 1), SigningKey("k0", 0)])),
        clock: ManualClock = ManualClock(), knowsTime: Bool = true
    ) {
        let now: @Sendable () -> Timestamp? = { knowsTime ? clock.time : nil }
        self.repositories = repositories
        self.clock = clock
        // Waiting passes the clock's time.
        let pause: @Sendable (Duration) async -> Void = { clock.advance(by: $0) }
        keys = TokenKeys(repository: repositories, clock: { clock.instant }, pause: pause)
        tokenRevocations = TokenRevocations(
            repository: repositories, clock: { clock.instant }, pause: pause)
        issuer = TokenIssuer(keys: keys, now: now)
        verifier = TokenVerifier(
            keys: keys, revocations: tokenRevocations, operators: repositories, now: now,
            clock: { clock.instant })
    }

    func issue(
        _ username: String = "anna", role: Role = .decider, account: OperatorAccount = .acme,
        unit: String? = nil,
        generation: TokenGeneration = TokenGeneration(ofOperator: 1, ofLogin: 1)
    ) async throws -> String {
        try await issuer.issue(
            username: username, role: role, account: account, unit: unit, generation: generation)
    }

    /// The code of the failure, or `OK`.
    func verdict(_ token: String) async -> String {
        do throws(RequestFailure) {
            _ = try await verifier.verify(token, deadline: .farAway).get()
            return "OK"
        } catch {
            return error.code.rawValue
        }
    }
}
