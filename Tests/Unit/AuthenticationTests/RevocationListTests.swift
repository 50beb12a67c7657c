import Charges
import Testing

@testable import Authentication

/// Tests of the revocations that a node keeps, and for how long.
@Suite struct RevocationListTests {
    private let operatorIdentifier = OperatorIdentifier(7)
    private let now = ContinuousClock.now

    private func contains(_ known: RevocationList, token: String = "t", login: Int = 1, all: Int = 1) -> Bool
    {
        known.contain(
            token: token, of: "anna", operatorIdentifier,
            generation: TokenGeneration(ofOperator: all, ofLogin: login))
    }

    @Test("A revocation is kept until its tokens have expired")
    func itForgetsWhatDoesNotMatterAnyMore() {
        var known = RevocationList()
        known.learn(TokenRevocation(operatorIdentifier, .token("t")), until: now + .seconds(10))
        known.learn(
            TokenRevocation(operatorIdentifier, .login("anna", generation: 1)), until: now + .seconds(20))
        known.learn(
            TokenRevocation(operatorIdentifier, .everything(generation: 1)), until: now + .seconds(30))
        #expect(known.count == 3)
        for (seconds, left) in [(9, 3), (10, 2), (19, 2), (20, 1), (29, 1), (30, 0)] {
            known.forget(now: now + .seconds(seconds))
            #expect(known.count == left, "after \(seconds) s")
            #expect(contains(known) == (left > 0))
        }
    }

    /// The result is the same however often a login is revoked, and in whatever order the revocations arrive.
    @Test("Revocations of one login share one entry with the highest generation")
    func aLoginHasOneEntry() {
        for order in [Array(1...50), Array(1...50).reversed(), Array(1...50).shuffled()] {
            var known = RevocationList()
            for generation in order {
                let end = TokenRevocation(operatorIdentifier, .login("anna", generation: generation))
                known.learn(end, until: now + .seconds(generation))
            }
            #expect(known.count == 1)
            #expect(contains(known, login: 50))
            #expect(!contains(known, login: 51))
            known.forget(now: now + .seconds(49))
            #expect(known.count == 1)
        }
    }

    @Test("A revocation learned twice is one entry")
    func aRepeatedRevocationIsOneEntry() {
        var known = RevocationList()
        for _ in 0..<3 { known.learn(TokenRevocation(operatorIdentifier, .token("t")), until: now) }
        #expect(known.count == 1)
    }
}
