import StrictJSON
import Charges
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of `POST authentication/token/release`.
@Suite struct TokenReleaseTests {
    private let front = TestServerFixture()

    private func release(_ body: String, bearer: String? = nil) async throws -> Answer {
        try await front.send(
            .post, TestServerFixture.base + "/authentication/token/release",
            headers: bearer.map { [.authorization: "Bearer \($0)"] } ?? [:],
            body: .whole(ByteBuffer(string: body)))
    }

    @Test("A released token is invalid afterwards")
    func aReleasedTokenIsGoodNoMore() async throws {
        for isInBody in [true, false] {
            let token = try await FakeAccounts.token()
            let other = try await FakeAccounts.token()
            let answer =
                isInBody
                ? try await release(#"{"token": "\#(token)"}"#) : try await release("", bearer: token)
            #expect(try answer.summary == "200 OK: ")
            #expect(try answer.data == .object([]))
            let refused = try await front.accept(
                BodyFixture.charges(count: 1), headers: [.authorization: "Bearer \(token)"])
            #expect(refused.status == 401)
            #expect(try refused.code == "INVALID_TOKEN")
            let again = try await release("{}", bearer: token)
            #expect(try again.code == "INVALID_TOKEN")
            let accepted = try await front.accept(
                BodyFixture.charges(count: 1), headers: [.authorization: "Bearer \(other)"])
            #expect(accepted.status == 200)
        }
    }

    @Test("A release requires a valid token")
    func itNeedsAToken() async throws {
        for body in ["", "{}", #"{"token": ""}"#, #"{"token": "x"}"#, #"{"token": 7}"#] {
            let answer = try await release(body)
            #expect(answer.status == 401)
            #expect(try answer.code == "INVALID_TOKEN")
        }
        #expect(try await release("x").code == "INVALID_JSON")
        let token = try await FakeAccounts.token()
        #expect(try await release("[]", bearer: token).code == "INVALID_PARAMETER")
        #expect(try await release("{}", bearer: token).status == 200)
    }
}
