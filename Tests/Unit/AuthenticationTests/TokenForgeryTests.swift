import Testing

@testable import Authentication

/// Tests of forged and altered tokens.
@Suite struct TokenForgeryTests {
    /// The value of each character of base64 for URLs.
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The other tests forge tokens in the same way, so each refusal has its own reason.
    @Test("A token signed with a known key is valid")
    func aTokenMadeWithTheKeyIsGood() async {
        #expect(await TokenFixture().verdict(ForgedToken.signed()) == "OK")
        let older = ForgedToken.signed(header: #"{"alg":"HS256","kid":"k0","gen":"1.1"}"#, byte: 0)
        #expect(await TokenFixture().verdict(older) == "OK")
    }

    @Test(
        "A token with another algorithm is invalid",
        arguments: [
            "none", "None", "NONE", "nOnE", "", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256",
        ])
    func anotherAlgorithmIsRefused(algorithm: String) async {
        let service = TokenFixture()
        let header = #"{"alg":"\#(algorithm)","typ":"JWT","kid":"k1","gen":"1.1"}"#
        for token in [
            ForgedToken.unsigned(header: header), ForgedToken.signed(header: header),
            ForgedToken.signedWithSHA512(header: header),
        ] {
            #expect(await service.verdict(token) == "INVALID_TOKEN")
        }
        // It is not even asked for its key.
        #expect(service.repositories.now.keyReads == 0)
    }

    @Test("A token that claims HS256 with another signature is invalid")
    func theRightNameWithAnotherHashIsRefused() async {
        let header = #"{"alg":"HS256","typ":"JWT","kid":"k1","gen":"1.1"}"#
        #expect(await TokenFixture().verdict(ForgedToken.signedWithSHA512(header: header)) == "INVALID_TOKEN")
        #expect(await TokenFixture().verdict(ForgedToken.unsigned(header: header)) == "INVALID_TOKEN")
    }

    @Test(
        "A token signed with another key than it names is invalid",
        arguments: ["k0", "k2", "", "K1", "k1 ", "k1\\u0000", "ﬁ", "\u{212A}1"])
    func aKeyThatDidNotSignItIsRefused(identifier: String) async {
        let token = ForgedToken.signed(
            header: #"{"alg":"HS256","kid":"\#(identifier)","gen":"1.1"}"#, byte: 1)
        #expect(await TokenFixture().verdict(token) == "INVALID_TOKEN")
    }

    @Test("A token whose header lacks the key or algorithm is invalid")
    func aTokenWithoutAKeysNameIsRefused() async {
        for header in [#"{"alg":"HS256"}"#, #"{"alg":"HS256","kid":null}"#, #"{"kid":"k1","gen":"1.1"}"#] {
            #expect(await TokenFixture().verdict(ForgedToken.signed(header: header)) == "INVALID_TOKEN")
        }
    }

    /// Each character is altered by one bit.
    @Test("A change of any character makes a token invalid")
    func aChangeOfAnyCharacterIsSeen() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        var accepted: [Int] = []
        for (place, character) in token.utf8.enumerated() where character != UInt8(ascii: ".") {
            var bytes = Array(token.utf8)
            bytes[place] = Self.alphabet[try #require(Self.alphabet.firstIndex(of: character)) ^ 0b100000]
            if await service.verdict(String(decoding: bytes, as: UTF8.self)) != "INVALID_TOKEN" {
                accepted.append(place)
            }
        }
        #expect(accepted == [])
        #expect(await service.verdict(token) == "OK")
    }

    /// The last character of a signature of 32 bytes has two bits more than are needed (RFC 4648, section 3.5).
    @Test(
        "Unused bits of the signature's last character make a token invalid", arguments: [0b01, 0b10, 0b11])
    func aTokenHasOneText(unusedBits: Int) async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        var bytes = Array(token.utf8)
        let last = try #require(bytes.popLast().flatMap(Self.alphabet.firstIndex))
        bytes.append(Self.alphabet[last ^ unusedBits])
        for _ in 1...2 {
            #expect(await service.verdict(String(decoding: bytes, as: UTF8.self)) == "INVALID_TOKEN")
            #expect(await service.verdict(token) == "OK")
        }
    }

    @Test("A truncated token is invalid")
    func everyShorterTokenIsRefused() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        for length in 0..<token.utf8.count {
            #expect(await service.verdict(String(token.prefix(length))) == "INVALID_TOKEN")
        }
    }

    @Test(
        "A token with anything added is invalid",
        arguments: [" ", "\n", "=", "==", ".", ".x", "\u{0}", "A", "%3D", "é"])
    func whatIsAddedIsSeen(addition: String) async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        for changed in [
            token + addition, addition + token,
            token.replacing(".", with: addition + ".", maxReplacements: 1),
            token.replacing(".", with: "." + addition),
        ] {
            #expect(await service.verdict(changed) == "INVALID_TOKEN", "\(changed)")
        }
    }

    @Test("Parts of two tokens make no valid token")
    func thePartsOfTwoTokensMakeNoThird() async throws {
        let service = TokenFixture()
        let ofAcme = try await service.issue().split(separator: ".")
        let ofGlobex = try await service.issue(account: .globex).split(separator: ".")
        for (one, other) in [(ofAcme, ofGlobex), (ofGlobex, ofAcme)] {
            for parts in [
                [one[0], other[1], one[2]], [one[0], one[1], other[2]], [one[1], one[0], one[2]],
            ] {
                #expect(await service.verdict(parts.joined(separator: ".")) == "INVALID_TOKEN")
            }
        }
    }
}
