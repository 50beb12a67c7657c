import Charges
import Testing

@testable import Authentication

/// Tests of malformed tokens: each is `INVALID_TOKEN`, and none may crash the node.
@Suite struct MalformedTokenTests {
    static let fixedHeader = #"{"alg":"HS256","typ":"JWT","kid":"k1","gen":"1.1"}"#

    static let garbage: [String] = [
        "", " ", ".", "..", "...", "....", "a", "a.b", "a.b.c", "a.b.c.d", "null", "{}", "\u{0}",
        "\u{0}.\u{0}.\u{0}",
        "é.é.é", "\u{1F600}", "=.=.=", "====.====.====", "e30.e30.e30", "e30.e30.", ".e30.e30", "e30..e30",
        "%00.%00.%00", "Bearer a.b.c", "' OR 1=1 --", "a\n.b\n.c\n", "-.-.-", "_._._", "+/=.+/=.+/=",
    ]

    static let headers: [String] = [
        // Not what a header is.
        "", " ", "null", "[]", "\"\"", "1", "true", "{", "}", "{}", "{{}}", "[{}]", "{\"alg\"}", "{\"alg\":}",
        "\u{FEFF}{}", "\u{0}",
        // Not the fields, or not their types.
        #"{"alg":"HS256"}"#, #"{"kid":"k1","gen":"1.1"}"#, #"{"alg":null,"kid":"k1","gen":"1.1"}"#,
        #"{"alg":"HS256","kid":null}"#,
        #"{"alg":256,"kid":"k1","gen":"1.1"}"#, #"{"alg":"HS256","kid":1}"#,
        #"{"alg":["HS256"],"kid":["k1"]}"#,
        #"{"alg":{"HS256":1},"kid":{"k1":1}}"#, #"{"alg":true,"kid":true}"#,
        // Names that are almost right.
        #"{"alg":"hs256","kid":"k1","gen":"1.1"}"#, #"{"alg":"HS256 ","kid":"k1","gen":"1.1"}"#,
        #"{"Alg":"HS256","Kid":"k1"}"#,
        #"{"alg":"HS256","kid":"","gen":"1.1"}"#, #"{"alg":"HS256","kid":"k1 ","gen":"1.1"}"#,
        #"{"alg":"HS256","kid":"K1","gen":"1.1"}"#,
        #"{"alg":"HS256","kid":"k1\u0000","gen":"1.1"}"#, #"{"alg":"HS256","kid":"../k1","gen":"1.1"}"#,
        // Numbers that fit into no integer, in fields that are ignored and in fields that are read.
        #"{"alg":"HS256","kid":"nobody","x":1e300}"#, #"{"alg":"HS256","kid":"k1","x":1e300}"#,
        #"{"alg":"HS256","kid":"k1","x":-1e300}"#, #"{"alg":"HS256","kid":"k1","x":9223372036854775808}"#,
        #"{"alg":"HS256","kid":"k1","x":[{"y":1e19}]}"#, #"{"alg":"HS256","kid":"k1","x":1e999999999}"#,
        #"{"alg":1e300,"kid":1e300}"#, #"{"alg":"HS256","kid":"k1","x5c":["MII"],"jku":"http://localhost"}"#,
        // Values within values.
        #"{"alg":"HS256","kid":"k1","x":"# + String(repeating: "[", count: 1500),
        #"{"alg":"HS256","kid":"k1","x":"# + String(repeating: "[", count: 1000)
            + String(repeating: "]", count: 1000) + "}",
        String(repeating: #"{"a":"#, count: 500) + "1" + String(repeating: "}", count: 500),
        // Texts that are no Unicode.
        #"{"alg":"HS256","kid":"\uD800","gen":"1.1"}"#, #"{"alg":"HS256","kid":"\uDC00\uD800","gen":"1.1"}"#,
    ]

    static let claims: [String] = [
        "", "null", "[]", "{}", "1e300", #"{"exp":1e300}"#,
        #"{"usr":"anna","org":"ACME","oun":"ACME","iat":1e300,"exp":1e300,"jti":"j"}"#,
        #"{"usr":"anna","org":"ACME","oun":"ACME","iat":1,"exp":9223372036854775808,"jti":"j"}"#,
        #"{"usr":1,"org":2,"oun":3,"iat":"4","exp":"5","jti":6}"#, String(repeating: "[", count: 2000),
    ]

    private func expectInvalid(_ token: String, sourceLocation: SourceLocation = #_sourceLocation) async {
        let service = TokenFixture()
        await #expect(sourceLocation: sourceLocation) {
            try await service.verifier.verify(token, deadline: .farAway).get()
        } throws: {
            ($0 as? RequestFailure)?.code == .invalidToken
        }
        #expect(service.repositories.now.operatorReads == 0, sourceLocation: sourceLocation)
    }

    @Test("Text that is no token is INVALID_TOKEN", arguments: garbage)
    func garbageIsNoToken(token: String) async {
        await expectInvalid(token)
    }

    @Test("A malformed header is INVALID_TOKEN", arguments: headers)
    func aStrangeHeaderIsNoTokens(header: String) async {
        await expectInvalid(ForgedToken.unsigned(header: header))
        await expectInvalid(ForgedToken.unsigned(header: header, signature: "AAAA"))
        await expectInvalid(ForgedToken.signed(header: header, byte: 9))
    }

    @Test("Malformed claims are INVALID_TOKEN, even if signed", arguments: claims)
    func strangeClaimsAreNoTokens(claims: String) async {
        await expectInvalid(ForgedToken.unsigned(header: Self.fixedHeader, claims: claims))
        await expectInvalid(ForgedToken.signed(claims: claims, byte: 9))
        // Not even if they are signed, which they never are.
        await expectInvalid(ForgedToken.signed(claims: claims))
    }

    @Test("Bytes that are no UTF-8 are INVALID_TOKEN")
    func bytesThatAreNoTextAreNoToken() async {
        for bytes in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFE, 0xFF, 0x00, 0x7B]] as [[UInt8]]
        {
            let part = ForgedToken.base64URL(bytes)
            let good = ForgedToken.base64URL(Self.fixedHeader.utf8)
            await expectInvalid("\(part).\(part).\(part)")
            await expectInvalid("\(good).\(part).\(part)")
        }
    }

    @Test(
        "Text longer than any token is refused without a read of the keys",
        arguments: ["a", ".", "é", "{", "=", "A.A."])
    func aVeryLongOneIsNotEvenLookedAt(piece: String) async {
        let service = TokenFixture()
        for count in [4097, 1_000_000] {
            await #expect(throws: RequestFailure.self) {
                try await service.verifier.verify(String(repeating: piece, count: count), deadline: .farAway)
            }
        }
        #expect(service.repositories.now.keyReads == 0)
    }

    @Test("A signed token that is too long is INVALID_TOKEN")
    func aLongOneThatIsSignedIsRefusedAsWell() async {
        let header = #"{"alg":"HS256","kid":"k1","x":""# + String(repeating: "x", count: 4000) + #""}"#
        await expectInvalid(ForgedToken.signed(header: header))
    }
}
