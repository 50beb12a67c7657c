import Charges
import Testing

@testable import Authentication

/// Tests of the cache of verified tokens, and of what is checked despite it.
@Suite struct VerifiedTokensTests {
    private func token(_ name: String) -> VerifiedToken {
        VerifiedToken(
            claims: TokenClaims(
                usr: "anna", org: "ACME", oun: "ACME", rol: "decider", aud: "api", iat: 0, exp: 1, jti: name),
            generation: TokenGeneration(ofOperator: 1, ofLogin: 1), keyIdentifier: "k1", secret: [1])
    }

    @Test("The cache keeps at most twice its maximum of tokens")
    func thereAreNeverMoreThanTwoGenerations() {
        let tokens = VerifiedTokens()
        for number in 0..<(VerifiedTokens.maximumCount * 5) {
            let name = "\(number)"
            tokens.keep(token(name), as: VerifiedTokens.name(of: name))
            #expect(tokens.count <= VerifiedTokens.maximumCount * 2)
            #expect(tokens.find(VerifiedTokens.name(of: name))?.claims.jti == name)
        }
    }

    @Test("A token in use stays in the cache")
    func whatIsInUseStays() {
        let tokens = VerifiedTokens()
        let used = VerifiedTokens.name(of: "used")
        tokens.keep(token("used"), as: used)
        for number in 0..<(VerifiedTokens.maximumCount * 5) {
            tokens.keep(token("other"), as: VerifiedTokens.name(of: "\(number)"))
            if number.isMultiple(of: 1000) { #expect(tokens.find(used)?.claims.jti == "used") }
        }
        #expect(tokens.find(VerifiedTokens.name(of: "0")) == nil)
    }

    /// A change anywhere is seen, after the good token has been remembered.
    @Test("A cached token does not validate an altered one")
    func aRememberedTokenVouchesForNoOther() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        #expect(await service.verdict(token) == "OK")
        for place in 0..<token.utf8.count {
            var bytes = Array(token.utf8)
            bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(await service.verdict(String(decoding: bytes, as: UTF8.self)) == "INVALID_TOKEN")
        }
        #expect(await service.verdict(token) == "OK")
    }

    @Test("A cached token expires")
    func aRememberedTokenExpires() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        service.clock.advance(by: .seconds(2 * 60 * 60 - 1))
        #expect(await service.verdict(token) == "OK")
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "TOKEN_EXPIRED")
    }

    @Test("A cached token of a suspended operator is refused")
    func aRememberedTokenOfASuspendedOperatorIsRefused() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        #expect(await service.verdict(token) == "OK")
        service.repositories.change { $0.operators = [OperatorAccount.acme.suspended] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "OPERATOR_SUSPENDED")
    }

    /// The new key has the name of the old one.
    @Test("A cached token is invalid once its key has changed")
    func aRememberedTokenNeedsTheKeyThatSignedIt() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        #expect(await service.verdict(token) == "OK")
        service.repositories.change { $0.keys = [SigningKey("k1", 9)] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "INVALID_TOKEN")
        service.repositories.change { $0.keys = [SigningKey("k1", 1)] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "OK")
    }
}
