import Charges
import Testing

@testable import Authentication

/// Tests of changing keys, suspended operators and an unavailable database.
@Suite struct TokenKeysTests {
    @Test("After a rotation old tokens stay valid, and new ones have the new key")
    func afterARotationOldTokensAreGoodAndNewOnesBearTheNewKey() async throws {
        let service = TokenFixture()
        let old = try await service.issue()
        service.repositories.change { $0.keys.insert(SigningKey("k2", 2), at: 0) }
        service.clock.advance(by: .seconds(60))
        let new = try await service.issue()
        #expect(try ForgedToken.json(part: 0, of: old)["kid"] as? String == "k1")
        #expect(try ForgedToken.json(part: 0, of: new)["kid"] as? String == "k2")
        #expect(await service.verdict(old) == "OK")
        #expect(await service.verdict(new) == "OK")
    }

    @Test("A key that another node signs with is read within a second")
    func aKeyThatIsNotYetKnownIsLookedForAfterASecond() async throws {
        let one = TokenFixture()
        let other = TokenFixture(one.repositories)
        #expect(await other.verdict(try await one.issue()) == "OK")
        one.repositories.change { $0.keys.insert(SigningKey("k2", 2), at: 0) }
        one.clock.advance(by: .seconds(60))
        let token = try await one.issue()
        other.clock.advance(by: .seconds(1))
        #expect(await other.verdict(token) == "OK")
    }

    @Test("Unknown key names cause at most one read of the keys a second")
    func madeUpNamesHaveTheKeysReadOnceASecond() async {
        let service = TokenFixture()
        for second in 1...3 {
            for index in 0..<100 {
                let header = #"{"alg":"HS256","kid":"made up \#(index)","gen":"1.1"}"#
                #expect(await service.verdict(ForgedToken.signed(header: header)) == "INVALID_TOKEN")
            }
            #expect(service.repositories.now.keyReads == second)
            service.clock.advance(by: .seconds(1))
        }
        #expect(service.repositories.now.operatorReads == 0)
    }

    @Test("A suspension and its end take effect within a second")
    func aSuspensionIsKnownAfterASecondAndSoIsItsEnd() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        #expect(await service.verdict(token) == "OK")
        service.repositories.change { $0.operators = [OperatorAccount.acme.suspended] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "OPERATOR_SUSPENDED")
        service.repositories.change { $0.operators = [.acme] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "OK")
        service.repositories.change { $0.operators = [] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "INVALID_TOKEN")
    }

    @Test("An operator's account is read at most once a second")
    func anOperatorIsReadOnceASecond() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        for _ in 0..<100 { #expect(await service.verdict(token) == "OK") }
        #expect(service.repositories.now.operatorReads == 1)
        // One operator's account is not another's.
        let other = try await service.issue(account: .globex)
        #expect(try await service.verifier.verify(other, deadline: .farAway).get().operatorAccount == .globex)
        #expect(service.repositories.now.operatorReads == 2)
    }

    @Test("A verifier answers SERVICE_UNAVAILABLE once its keys and accounts are a second old")
    func aNodeThatCannotKnowSaysSo() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        #expect(await service.verdict(token) == "OK")
        service.repositories.change { $0.isDown = true }
        // What was read less than a second ago is good enough.
        service.clock.advance(by: .milliseconds(999))
        #expect(await service.verdict(token) == "OK")
        service.clock.advance(by: .milliseconds(1))
        #expect(await service.verdict(token) == "SERVICE_UNAVAILABLE")
        // Whether there is such a key cannot be said either.
        let unknown = ForgedToken.signed(header: #"{"alg":"HS256","kid":"k2","gen":"1.1"}"#, byte: 2)
        #expect(await service.verdict(unknown) == "SERVICE_UNAVAILABLE")
        #expect(await service.verdict("garbage") == "INVALID_TOKEN")
        service.repositories.change { $0.isDown = false }
        #expect(await service.verdict(token) == "OK")
    }

    @Test("A node without keys signs and verifies nothing")
    func withoutAKeyNothingIsSignedOrVerified() async {
        for state in [FakeRepositories.State(), .init(keys: [SigningKey("k1", 1)], isDown: true)] {
            let service = TokenFixture(FakeRepositories(state))
            await #expect(throws: RequestFailure.serviceUnavailable) { try await service.issue() }
            #expect(await service.verdict(ForgedToken.signed()) == "SERVICE_UNAVAILABLE")
        }
    }
}
