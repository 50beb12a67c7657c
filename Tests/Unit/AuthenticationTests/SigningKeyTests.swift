import Charges
import Testing

@testable import Authentication

/// Tests of signing keys that are added and dropped.
@Suite struct SigningKeyTests {
    private func kid(_ token: String) throws -> String? {
        try ForgedToken.json(part: 0, of: token)["kid"] as? String
    }

    @Test("A new key verifies tokens before it signs any")
    func aNewKeyIsKnownBeforeItSigns() async throws {
        let service = TokenFixture()
        let old = try await service.issue()
        #expect(try kid(old) == "k1")
        service.repositories.change {
            $0.keys = [SigningKey("k1", 1), SigningKey("k0", 0), SigningKey("k2", 2, maySign: false)]
        }
        service.clock.advance(by: .seconds(1))
        #expect(try kid(try await service.issue()) == "k1")
        // Another node is a little ahead.
        let ahead = TokenFixture(
            FakeRepositories(
                .init(operators: [.acme], keys: [SigningKey("k2", 2), SigningKey("k1", 1)])),
            clock: service.clock)
        let new = try await ahead.issue()
        #expect(try kid(new) == "k2")
        #expect(await service.verdict(new) == "OK")
        #expect(await service.verdict(old) == "OK")
    }

    @Test("A dropped key's tokens are invalid within a second")
    func aDroppedKeysTokensAreInvalidWithinASecond() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        #expect(await service.verdict(token) == "OK")
        service.repositories.change { $0.keys = [SigningKey("k2", 2, maySign: false)] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(token) == "INVALID_TOKEN")
        await #expect(throws: RequestFailure.serviceUnavailable) { try await service.issue() }
        service.repositories.change { $0.keys = [SigningKey("k2", 2)] }
        service.clock.advance(by: .seconds(1))
        #expect(await service.verdict(try await service.issue()) == "OK")
        #expect(await service.verdict(token) == "INVALID_TOKEN")
    }

    @Test("A token with an unknown key costs no database read")
    func anUnknownKeyCostsTheDatabaseNothing() async throws {
        let service = TokenFixture()
        _ = try await service.issue()
        for number in 0..<50 {
            let header = #"{"alg":"HS256","typ":"JWT","kid":"made-up-\#(number)","gen":"1.1"}"#
            #expect(await service.verdict(ForgedToken.signed(header: header)) == "INVALID_TOKEN")
        }
        #expect(service.repositories.now.keyReads == 1)
    }

    @Test("A token's header has its type, algorithm and generation")
    func aTokenHasItsTypeAndItsAlgorithm() async throws {
        let header = try ForgedToken.json(part: 0, of: try await TokenFixture().issue())
        #expect(header["alg"] as? String == "HS256")
        #expect(header["typ"] as? String == "JWT")
        #expect(header["gen"] as? String == "1.1")
    }

    @Test("A signing key's description does not contain its secret")
    func aSigningKeyNeverSaysItsSecret() {
        let key = SigningKey(identifier: "k1", secret: Array("do not tell".utf8))
        #expect("\(key)" == "signing key k1")
        #expect(String(describing: [key]) == "[signing key k1]")
    }
}
