import Charges
import Testing

@testable import Authentication

/// Keys that come and go.
@Suite struct SigningKeyTests {
    private func kid(_ token: String) throws -> String? {
        try ForgedToken.json(part: 0, of: token)["kid"] as? String
    }

    @Test func aNewKeyIsKnownBeforeItSigns() async throws {
        let service = TokenService()
        let old = try await service.issue()
        #expect(try kid(old) == "k1")
        service.repositories.change {
            $0.keys = [SigningKey("k1", 1), SigningKey("k0", 0), SigningKey("k2", 2, maySign: false)]
        }
        service.clock.advance(by: .seconds(1))
        #expect(try kid(try await service.issue()) == "k1")
        // Another node is a little ahead.
        let ahead = TokenService(
            FakeRepositories(
                .init(operators: [.acme], keys: [SigningKey("k2", 2), SigningKey("k1", 1)])),
            clock: service.clock)
        let new = try await ahead.issue()
        #expect(try kid(new) == "k2")
        #expect(await service.verdict(new) == "OK")
        #expect(await service.verdict(old) == "OK")
    }

    @Test func aDroppedKeysTokensEndWithinASecond() async throws {
        let service = TokenService()
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

    @Test func anUnknownKeyCostsTheDatabaseNothing() async throws {
        let service = TokenService()
        _ = try await service.issue()
        for number in 0..<50 {
            let header = #"{"alg":"HS256","typ":"JWT","kid":"made-up-\#(number)","gen":"1.1"}"#
            #expect(await service.verdict(ForgedToken.signed(header: header)) == "INVALID_TOKEN")
        }
        #expect(service.repositories.now.keyReads == 1)
    }

    @Test func aTokenHasItsTypeAndItsAlgorithm() async throws {
        let header = try ForgedToken.json(part: 0, of: try await TokenService().issue())
        #expect(header["alg"] as? String == "HS256")
        #expect(header["typ"] as? String == "JWT")
        #expect(header["gen"] as? String == "1.1")
    }

    @Test func aSigningKeyNeverSaysItsSecret() {
        let key = SigningKey(identifier: "k1", secret: Array("do not tell".utf8))
        #expect("\(key)" == "signing key k1")
        #expect(String(describing: [key]) == "[signing key k1]")
    }
}
