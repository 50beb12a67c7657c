import Charges
import Foundation
import Testing

@testable import Authentication

/// Tests of the claims of tokens, and of their lifetime.
@Suite struct TokenTests {
    @Test("A token has key, user, operator, unit, times and identifier")
    func aTokenSaysWhoAndWhereAndWhen() async throws {
        let token = try await TokenFixture().issue("key:batch", unit: "Nikosia")
        let header = try ForgedToken.json(part: 0, of: token)
        #expect(header["alg"] as? String == "HS256")
        #expect(header["kid"] as? String == "k1")
        #expect(Set(header.keys) == ["alg", "gen", "kid", "typ"])
        let claims = try ForgedToken.json(part: 1, of: token)
        #expect(claims["usr"] as? String == "key:batch")
        #expect(claims["org"] as? String == "ACME")
        #expect(claims["oun"] as? String == "Nikosia")
        #expect(claims["rol"] as? String == "decider" && claims["aud"] as? String == "api")
        #expect(claims["iat"] as? Int == 1_795_417_200)
        #expect(claims["exp"] as? Int == 1_795_417_200 + 2 * 60 * 60)
        #expect(UUID(uuidString: claims["jti"] as? String ?? "") != nil)
        #expect(Set(claims.keys) == ["usr", "org", "oun", "rol", "aud", "iat", "exp", "jti"])
    }

    @Test("The principal has the token's role", arguments: Role.allCases)
    func theRole(role: Role) async throws {
        let service = TokenFixture()
        let token = try await service.issue(role: role)
        #expect(try await service.verifier.verify(token, deadline: .farAway).get().role == role)
    }

    @Test(
        "A token without a known role, or that is not for the API, is invalid",
        arguments: [
            (#""rol":"decider","aud":"api","#, "OK"), (#""aud":"api","#, "INVALID_TOKEN"),
            (#""rol":"owner","aud":"api","#, "INVALID_TOKEN"), (#""rol":"","aud":"api","#, "INVALID_TOKEN"),
            (#""rol":["viewer"],"aud":"api","#, "INVALID_TOKEN"), (#""rol":"decider","#, "INVALID_TOKEN"),
            (#""rol":"decider","aud":"console","#, "INVALID_TOKEN"),
            (#""rol":"decider","aud":"admin","#, "INVALID_TOKEN"),
        ])
    func roleAndAudience(claims: String, verdict: String) async throws {
        let all = ForgedToken.claims.replacing(#""rol":"decider","aud":"api","#, with: claims)
        #expect(await TokenFixture().verdict(ForgedToken.signed(claims: all)) == verdict)
    }

    @Test("The principal has the token's username, operator and identifier")
    func whoCallsIsWhatTheTokenSays() async throws {
        let service = TokenFixture()
        let token = try await service.issue("café \"x\" \u{0}", account: .globex)
        let principal = try await service.verifier.verify(token, deadline: .farAway).get()
        #expect(principal.username == "café \"x\" \u{0}")
        #expect(principal.operatorAccount == .globex)
        #expect(try ForgedToken.json(part: 1, of: token)["jti"] as? String == principal.tokenIdentifier)
    }

    @Test("Each token has an identifier of its own")
    func everyTokenHasANameOfItsOwn() async throws {
        let service = TokenFixture()
        var names: Set<String> = []
        for _ in 0..<100 {
            let token = try await service.issue()
            names.insert(try await service.verifier.verify(token, deadline: .farAway).get().tokenIdentifier)
        }
        #expect(names.count == 100)
    }

    @Test("A token is valid for exactly two hours, used or not")
    func aTokenIsGoodForTwoHoursWhateverTheUse() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        for _ in 0..<7 {
            #expect(await service.verdict(token) == "OK")
            service.clock.advance(by: .seconds(1000))
        }
        service.clock.advance(by: .milliseconds(199_999))
        #expect(await service.verdict(token) == "OK")
        service.clock.advance(by: .milliseconds(1))
        #expect(await service.verdict(token) == "TOKEN_EXPIRED")
        service.clock.advance(by: .seconds(86_400))
        #expect(await service.verdict(token) == "TOKEN_EXPIRED")
    }

    @Test("A node that does not know the time issues no token and accepts none")
    func aNodeWithoutTheTimeIsUnavailable() async throws {
        let service = TokenFixture(knowsTime: false)
        await #expect(throws: RequestFailure.serviceUnavailable) { try await service.issue() }
        #expect(await service.verdict(ForgedToken.signed()) == "SERVICE_UNAVAILABLE")
    }

    @Test("An expired token with a wrong signature is invalid, not expired")
    func anExpiredTokenThatIsNotOursIsInvalid() async {
        let service = TokenFixture()
        service.clock.advance(by: .seconds(86_400))
        #expect(await service.verdict(ForgedToken.signed()) == "TOKEN_EXPIRED")
        #expect(await service.verdict(ForgedToken.signed(byte: 9)) == "INVALID_TOKEN")
    }

    /// The longest names of a user and an operator that can be, and such that JSON makes the most of them.
    @Test(
        "The longest possible names give a token that is valid", arguments: ["\u{1}", "\u{1F600}", "\"", "/"])
    func theLongestTokenIsNotTooLong(scalar: String) async throws {
        let account = OperatorAccount(
            identifier: OperatorIdentifier(1), code: String(repeating: "/", count: 64), isSuspended: false)
        let service = TokenFixture(
            FakeRepositories(.init(operators: [account], keys: [SigningKey(UUID().uuidString, 1)])))
        for unit in [64, 256, 257, 1024, 200_000] {
            let token = try await service.issue(
                String(repeating: scalar, count: 128), account: account,
                unit: String(repeating: "\u{1}", count: unit))
            #expect(await service.verdict(token) == "OK")
        }
    }

    @Test("A unit that is too long is replaced by the operator's code")
    func aUnitThatIsTooLongIsLeftOut() async throws {
        let service = TokenFixture()
        let token = try await service.issue(unit: String(repeating: "x", count: 257))
        #expect(try ForgedToken.json(part: 1, of: token)["oun"] as? String == "ACME")
    }

    @Test("A token is valid on another node with the same keys")
    func aTokenOfAnotherNodeWithTheSameKeysIsGood() async throws {
        let one = TokenFixture()
        let other = TokenFixture(one.repositories)
        #expect(await other.verdict(try await one.issue()) == "OK")
    }

    @Test("A token of an unknown operator is invalid")
    func aTokenOfAnOperatorThatIsNotThereIsInvalid() async {
        let claims = ForgedToken.claims.replacing("ACME", with: "NOBODY")
        #expect(await TokenFixture().verdict(ForgedToken.signed(claims: claims)) == "INVALID_TOKEN")
    }
}
