import Testing

@testable import Authentication

/// Tests of password hashes and their texts. The texts of known passwords come from Python's `hashlib.scrypt`.
@Suite struct PasswordHashTests {
    static let salt = "AAECAwQFBgcICQoLDA0ODw=="
    static let hash = "nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE="

    @Test("A hash matches its password and no other")
    func theRightPasswordMatchesAndNoOther() throws {
        let made = PasswordHash(password: "correct horse")
        let stored = try #require(PasswordHash(text: made.text))
        #expect(stored == made)
        #expect(stored.matches("correct horse"))
        #expect(!stored.matches("correct horsf"))
        #expect(!stored.matches(""))
    }

    @Test("A hash's text has its parameters and not the password")
    func theTextNamesItsParametersAndNotThePassword() throws {
        let text = PasswordHash(password: "correct horse").text
        let form = #/\$scrypt\$ln=14,r=8,p=1\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=/#
        #expect(text.wholeMatch(of: form) != nil, "\(text)")
        #expect(!text.contains("horse"))
    }

    @Test("Two hashes of one password differ")
    func theSamePasswordIsHashedDifferentlyEachTime() {
        #expect(PasswordHash(password: "correct horse") != PasswordHash(password: "correct horse"))
    }

    @Test(
        "A hash with other cost parameters is read",
        arguments: [
            ("correct horse", "$scrypt$ln=10,r=8,p=1$\(salt)$\(hash)"),
            ("correct horse", "$scrypt$ln=12,r=4,p=2$\(salt)$hm2piGhb8bksYmvjGzwcrCMkssaGMLSvsR5wbFgHQmc="),
            ("correct horse", "$scrypt$ln=14,r=8,p=1$\(salt)$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojTOC2WgIbU="),
            ("correct horse", "$scrypt$ln=11,r=16,p=4$\(salt)$BBOxdEml6ivh1KR1yQV/Ab4WFSNR8RgGEugIGkmC+Mw="),
            (
                "correct horse",
                "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJw==$"
                    + "kEmjqgPPx6hg8+qy0vgLlphs8zxBj7Ffu2nlJgcEXcE="
            ),
            ("", "$scrypt$ln=10,r=8,p=1$\(salt)$aXxV+SdCr+1ofX/yO9ssZIXk0slZ7Pwg0vrrut6MuZw="),
        ])
    func hashesOfAnotherCostAreRead(password: String, text: String) throws {
        let stored = try #require(PasswordHash(text: text))
        #expect(stored.text == text)
        #expect(stored.matches(password))
        #expect(!stored.matches(password + " "))
    }

    @Test("Passwords are compared as bytes, not by canonical equivalence")
    func passwordsAreBytesAndNotWhatTheyLookLike() throws {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        #expect(composed == decomposed, "to String they are the same")
        let start = "$scrypt$ln=10,r=8,p=1$\(Self.salt)$"
        let ofComposed = try #require(
            PasswordHash(text: start + "K3Wch6euXtSADQ+a5P+o9y0vOy6xFcXxszOrBMXkK88="))
        let ofDecomposed = try #require(
            PasswordHash(text: start + "aiBnIG5or0zWa+1UYLYAAkI2ehFgVXi5yoUmrcoI/xw="))
        #expect(ofComposed.matches(composed) && !ofComposed.matches(decomposed))
        #expect(ofDecomposed.matches(decomposed) && !ofDecomposed.matches(composed))
    }

    @Test(
        "A password that differs slightly does not match",
        arguments: [
            "correct hors", "Correct horse", " correct horse", "correct horse\n", "correct\u{A0}horse",
        ])
    func whatIsAlmostThePasswordIsNot(password: String) throws {
        let stored = try #require(PasswordHash(text: "$scrypt$ln=10,r=8,p=1$\(Self.salt)$\(Self.hash)"))
        #expect(!stored.matches(password))
    }

    @Test(
        "A malformed hash is refused",
        arguments: [
            "", "$", "$$$$", "correct horse", "scrypt$ln=10,r=8,p=1$\(salt)$\(hash)",
            // Another method, or a part too few or too many.
            "$bcrypt$ln=10,r=8,p=1$\(salt)$\(hash)", "$SCRYPT$ln=10,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=10,r=8,p=1$\(salt)", "$scrypt$\(salt)$\(hash)",
            "$scrypt$ln=10,r=8,p=1$\(salt)$\(hash)$",
            "x$scrypt$ln=10,r=8,p=1$\(salt)$\(hash)",
            // Parameters that are missing, or are no numbers.
            "$scrypt$$\(salt)$\(hash)", "$scrypt$ln=10,r=8$\(salt)$\(hash)",
            "$scrypt$ln=10,p=1$\(salt)$\(hash)",
            "$scrypt$r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=ten,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=10=10,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=1e1,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=99999999999999999999,r=8,p=1$\(salt)$\(hash)",
            // Too cheap, or too dear: 128 MiB are the most.
            "$scrypt$ln=9,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=0,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=-10,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=21,r=1,p=1$\(salt)$\(hash)",
            "$scrypt$ln=18,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=64,r=8,p=1$\(salt)$\(hash)",
            "$scrypt$ln=10,r=0,p=1$\(salt)$\(hash)", "$scrypt$ln=10,r=17,p=1$\(salt)$\(hash)",
            "$scrypt$ln=10,r=8,p=0$\(salt)$\(hash)", "$scrypt$ln=10,r=8,p=5$\(salt)$\(hash)",
            // Salts and hashes that are none.
            "$scrypt$ln=10,r=8,p=1$$\(hash)", "$scrypt$ln=10,r=8,p=1$\(salt)$",
            "$scrypt$ln=10,r=8,p=1$AAAA$\(hash)",
            "$scrypt$ln=10,r=8,p=1$\(salt)$AAAA", "$scrypt$ln=10,r=8,p=1$!!!!$\(hash)",
            "$scrypt$ln=10,r=8,p=1$\(salt)$\(hash.dropLast())",
        ])
    func aTextThatIsNoneIsRefused(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test("The placeholder hash costs as much as a new one and matches nothing")
    func nobodysHashCostsWhatANewOneCostsAndMatchesNothing() {
        #expect(PasswordHash.ofNobody.text.hasPrefix("$scrypt$ln=14,r=8,p=1$"))
        #expect(PasswordHash(password: "x").text.hasPrefix("$scrypt$ln=14,r=8,p=1$"))
        for password in ["", "\u{0}", "nobody"] { #expect(!PasswordHash.ofNobody.matches(password)) }
    }
}
