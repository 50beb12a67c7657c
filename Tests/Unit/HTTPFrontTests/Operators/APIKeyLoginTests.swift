import StrictJSON
import Charges
import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of `POST authentication/web_api_key/token`.
@Suite struct APIKeyLoginTests {
    private let front = TestServerFixture()

    private func login(_ authorization: String?, body: String = "") async throws -> Answer {
        try await front.send(
            .post, TestServerFixture.base + "/authentication/web_api_key/token",
            headers: authorization.map { [.authorization: $0] } ?? [:],
            body: .whole(ByteBuffer(string: body)))
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    @Test(
        "A valid key gets a valid token",
        arguments: [
            "Basic " + base64("good-key:"), "Basic " + base64("good-key"), "basic " + base64("good-key:"),
            "BASIC " + base64("good-key:"), "Basic   " + base64("good-key:"),
            // Without its padding.
            "Basic Z29vZC1rZXk",
        ], ["", "{}", #"{"token": 1}"#, "no JSON"])
    func aGoodKeyGetsATokenThatIsGood(authorization: String, body: String) async throws {
        let answer = try await login(authorization, body: body)
        #expect(try answer.summary == "200 OK: ")
        #expect(try answer.data?.names == ["token"])
        let token = try #require(try answer.data?["token"]?.string)
        let accepted = try await front.accept(
            BodyFixture.charges(count: 1), headers: [.authorization: "Bearer \(token)"])
        #expect(accepted.status == 200)
        #expect(front.decisions.calls.map(\.username) == ["key:billing"])
        #expect(front.decisions.calls.map(\.operatorCode) == ["acme"])
    }

    @Test(
        "Every invalid key gets the same error",
        arguments: [
            nil, "", "Basic", "Basic ", "Basic !!!", "Basic =", "Bearer " + base64("good-key:"),
            "Basic " + base64(":"), "Basic " + base64(":good-key"), "Basic " + base64("good-key:x"),
            "Basic " + base64("good-key::"), "Basic " + base64("good-key :"),
            "Basic " + base64("Good-key:"), "Basic " + base64("nobody:"), "Basic " + base64("revoked-key:"),
            "Basic " + base64("good-key\u{0}"), "Basic " + base64(String(repeating: "k", count: 2000)),
            "Basic " + Data([0xFF, 0xFE]).base64EncodedString(), "good-key",
        ])
    func whateverIsWrongIsOneAnswer(authorization: String?) async throws {
        let answer = try await login(authorization)
        #expect(
            try answer.summary
                == "401 INVALID_KEY: The key is unknown or revoked. Send it as the user name of HTTP Basic, "
                + "with an empty password.")
        #expect(try answer.data == .object([]))
        #expect(answer.headers[.wwwAuthenticate] == #"Basic realm="Countersign""#)
    }

    @Test("A suspension is reported for a valid key only")
    func aSuspensionIsReportedForAGoodKeyOnly() async throws {
        let answer = try await login("Basic " + Self.base64("halted-key:"))
        #expect(answer.status == 403)
        #expect(try answer.code == "OPERATOR_SUSPENDED")
    }

    @Test("A login without the database is SERVICE_UNAVAILABLE")
    func aNodeThatCannotKnowIsUnavailable() async throws {
        let front = TestServerFixture(accounts: FakeAccounts(failure: .serviceUnavailable))
        let answer = try await front.send(
            .post, TestServerFixture.base + "/authentication/web_api_key/token/",
            headers: [.authorization: "Basic " + Self.base64("good-key:")])
        #expect(answer.status == 503)
        #expect(try answer.code == "SERVICE_UNAVAILABLE")
    }
}
