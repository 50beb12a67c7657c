import Charges
import Testing

@testable import Authentication

/// Tests of revoked tokens, and of a node that cannot know whether a token is revoked.
@Suite struct RevokedTokenTests {
    private let acme = OperatorAccount.acme.identifier

    /// Revocations, and whether each revokes anna's token, which has the operator's second generation and her third.
    static let ends: [(TokenRevocation.Extent, endsIt: Bool)] = [
        (.everything(generation: 1), false), (.everything(generation: 2), true),
        (.everything(generation: 3), true),
        (.login("anna", generation: 2), false), (.login("anna", generation: 3), true),
        (.login("anna", generation: 4), true), (.login("Anna", generation: 3), false),
        (.login("ann\u{E4}", generation: 3), false), (.login("key:anna", generation: 3), false),
        (.token("anna"), false), (.token(""), false),
    ]

    @Test("A revocation covers the tokens of its login or operator up to its generation", arguments: ends)
    func aRevocationCoversGenerations(extent: TokenRevocation.Extent, endsIt: Bool)
        async throws
    {
        let service = TokenFixture()
        let token = try await service.issue(generation: TokenGeneration(ofOperator: 2, ofLogin: 3))
        service.repositories.change { $0.ends = [TokenRevocation(OperatorIdentifier(2), extent)] }
        #expect(await service.verdict(token) == "OK", "another operator's end is none of it")
        service.clock.advance(by: .seconds(1))
        service.repositories.change { $0.ends.append(TokenRevocation(acme, extent)) }
        #expect(await service.verdict(token) == (endsIt ? "INVALID_TOKEN" : "OK"))
    }

    /// A token that was issued while its password was being changed bears the old one's generation; one that was
    /// issued in the same second, but by the new one, does not.
    @Test("A token of the old password is invalid even if issued in the same second as a new one")
    func theSameSecondMakesNoDifference() async throws {
        let service = TokenFixture()
        let old = try await service.issue(generation: TokenGeneration(ofOperator: 1, ofLogin: 1))
        service.repositories.change {
            $0.ends = [TokenRevocation(acme, .login("anna", generation: 1))]
        }
        let belated = try await service.issue(generation: TokenGeneration(ofOperator: 1, ofLogin: 1))
        let new = try await service.issue(generation: TokenGeneration(ofOperator: 1, ofLogin: 2))
        #expect(await service.verdict(old) == "INVALID_TOKEN")
        #expect(await service.verdict(belated) == "INVALID_TOKEN")
        #expect(await service.verdict(new) == "OK")
    }

    @Test("A released token is invalid at once, and other tokens stay valid")
    func aReleasedTokenIsInvalidAtOnceAndAlone() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        let other = try await service.issue()
        let principal = try await service.verifier.verify(token, deadline: .farAway).get()
        try await service.tokenRevocations.revoke(principal, deadline: .farAway)
        #expect(await service.verdict(token) == "INVALID_TOKEN")
        #expect(await service.verdict(other) == "OK")
        // And so it is when it has been read back.
        service.clock.advance(by: .seconds(61))
        #expect(await service.verdict(token) == "INVALID_TOKEN")
        #expect(await service.verdict(other) == "OK")
    }

    @Test("Another node knows a revocation within a second")
    func anotherNodeKnowsWithinASecond() async throws {
        let clock = ManualClock()
        let one = TokenFixture(clock: clock)
        let other = TokenFixture(one.repositories, clock: clock)
        let token = try await one.issue()
        #expect(await other.verdict(token) == "OK")
        let principal = try await one.verifier.verify(token, deadline: .farAway).get()
        try await one.tokenRevocations.revoke(principal, deadline: .farAway)
        clock.advance(by: .milliseconds(999))
        #expect(await other.verdict(token) == "OK", "nobody has polled")
        clock.advance(by: .milliseconds(1))
        #expect(await other.verdict(token) == "INVALID_TOKEN")
        // So does one that starts later.
        #expect(await TokenFixture(one.repositories, clock: clock).verdict(token) == "INVALID_TOKEN")
    }

    /// A revocation that a failover can still lose neither refuses a token nor admits it.
    @Test("A revocation that is not replicated makes its tokens SERVICE_UNAVAILABLE")
    func aRevocationThatIsNotReplicatedIsNotKnown() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        let other = try await service.issue(generation: TokenGeneration(ofOperator: 1, ofLogin: 2))
        #expect(await service.verdict(token) == "OK")
        service.repositories.change {
            $0.ends = [TokenRevocation(acme, .login("anna", generation: 1))]
            $0.isAlone = true
        }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "SERVICE_UNAVAILABLE")
        #expect(await service.verdict(other) == "OK", "it is no concern of other tokens")
        service.repositories.change { $0.isAlone = false }
        #expect(await service.verdict(token) == "INVALID_TOKEN")
        // What is known is not proven again, even where it is read again.
        let proofs = service.repositories.now.replicatedEndReads
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "INVALID_TOKEN")
        #expect(service.repositories.now.replicatedEndReads == proofs)
    }

    /// A failover lost the revocation before any node relied on it.
    @Test("A revocation lost in a failover has no effect")
    func aRevocationThatIsLostRefusesNothing() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        service.repositories.change {
            $0.ends = [TokenRevocation(acme, .login("anna", generation: 1))]
            $0.isAlone = true
        }
        #expect(await service.verdict(token) == "SERVICE_UNAVAILABLE")
        service.repositories.change {
            $0.ends = []
            $0.isAlone = false
        }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "OK")
    }

    /// A key that a failover can still lose signs nothing.
    @Test("A signing key that is not replicated is not used")
    func aKeyThatIsNotReplicatedIsNotKnown() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        service.repositories.change {
            $0.keys = [SigningKey("new", 9)] + $0.keys
            $0.isAlone = true
        }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "SERVICE_UNAVAILABLE")
        service.repositories.change { $0.isAlone = false }
        #expect(await service.verdict(token) == "OK")
    }

    @Test("A verifier answers SERVICE_UNAVAILABLE once its revocations are a second old")
    func aNodeThatCannotKnowSaysSo() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        #expect(await service.verdict(token) == "OK")
        service.repositories.change { $0.isDown = true }
        service.clock.advance(by: .milliseconds(999))
        #expect(await service.verdict(token) == "OK")
        service.clock.advance(by: .milliseconds(1))
        #expect(await service.verdict(token) == "SERVICE_UNAVAILABLE")
        service.repositories.change { $0.isDown = false }
        #expect(await service.verdict(token) == "OK")
    }

    @Test("Revocations and keys are read at most once a second")
    func theDatabaseIsReadOnceASecond() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        for _ in 0..<100 { #expect(await service.verdict(token) == "OK") }
        #expect(service.repositories.now.endReads == 1)
        #expect(service.repositories.now.keyReads == 1)
    }

    @Test("A token with no or a malformed generation is invalid")
    func aTokenWithoutGenerationIsNoneOfOurs() async throws {
        let service = TokenFixture()
        let without = #"{"alg":"HS256","typ":"JWT","kid":"k1"}"#
        #expect(await service.verdict(ForgedToken.signed(header: without)) == "INVALID_TOKEN")
        for generation in ["", "1", "1.", ".1", "0.1", "1.0", "-1.1", "1.1.1", "a.b", "1. 1"] {
            let header = #"{"alg":"HS256","typ":"JWT","kid":"k1","gen":"\#(generation)"}"#
            #expect(await service.verdict(ForgedToken.signed(header: header)) == "INVALID_TOKEN")
        }
        let good = #"{"alg":"HS256","typ":"JWT","kid":"k1","gen":"1.1"}"#
        #expect(await service.verdict(ForgedToken.signed(header: good)) == "OK")
    }
}
