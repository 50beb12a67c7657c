import Authentication
import StrictJSON
import Charges
import Foundation
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the places of a call's token, and of the tokens that are accepted.
@Suite struct BearerTokenTests {
    private func call(inBody: String? = nil, inHeader: String? = nil, accounts: FakeAccounts = FakeAccounts())
        async throws -> Answer
    {
        let field = inBody.map { #""token": \#($0), "# } ?? ""
        let front = TestServerFixture(accounts: accounts)
        let answer = try await front.accept(
            #"{\#(field)"accepted_charges_set": [\#(BodyFixture.item("N1", "c1"))]}"#,
            headers: inHeader.map { [.authorization: $0] } ?? [:])
        #expect(front.decisions.calls.count == (answer.status == 200 ? 1 : 0))
        #expect(try answer.data == .object([]))
        return answer
    }

    @Test("A token may be in the body, in the header or in both")
    func itMayStandInTheBodyOrTheHeaderOrBoth() async throws {
        let token = try await FakeAccounts.token()
        #expect(try await call(inBody: #""\#(token)""#).status == 200)
        #expect(try await call(inHeader: "Bearer \(token)").status == 200)
        #expect(try await call(inBody: #""\#(token)""#, inHeader: "Bearer \(token)").status == 200)
        #expect(try await call(inBody: "null", inHeader: "Bearer \(token)").status == 200)
        #expect(try await call(inHeader: "bearer \(token)").status == 200)
        #expect(try await call(inHeader: "BEARER   \(token)").status == 200)
    }

    @Test("Two different tokens are refused even if both are valid")
    func twoThatDifferAreRefusedEvenIfBothAreGood() async throws {
        let one = try await FakeAccounts.token()
        let other = try await FakeAccounts.token()
        #expect(one != other)
        for inBody in [other, "", one + " "] {
            let answer = try await call(inBody: #""\#(inBody)""#, inHeader: "Bearer \(one)")
            #expect(answer.status == 401)
            #expect(try answer.code == "INVALID_TOKEN")
            #expect(try answer.description.contains("different tokens"))
        }
    }

    @Test("A call without a token is refused", arguments: [nil, "null", "\"\"", "1", "true", "[]", "{}"])
    func aCallWithoutOneIsRefused(_ inBody: String?) async throws {
        let answer = try await call(inBody: inBody)
        #expect(answer.status == 401)
        #expect(try answer.code == "INVALID_TOKEN")
    }

    @Test(
        "Any other kind of authorization is refused",
        arguments: ["", "Bearer", "Bearer ", "Basic YTpi", "Token abc", "abc"])
    func anotherKindOfAuthorizationIsRefused(_ header: String) async throws {
        let answer = try await call(inHeader: header)
        #expect(answer.status == 401)
        #expect(try answer.code == "INVALID_TOKEN")
    }

    @Test("A forged or malformed token is refused")
    func whatIsNoneOfOursIsRefused() async throws {
        let token = try await FakeAccounts.token()
        let parts = token.split(separator: ".").map(String.init)
        let otherSecret = SigningKey(
            identifier: FakeAccounts.key.identifier, secret: Array(repeating: 8, count: 32))
        let otherKey = SigningKey(identifier: "key-2", secret: FakeAccounts.key.secret)
        let stranger = OperatorAccount(
            identifier: OperatorIdentifier(9), code: "stranger", isSuspended: false)
        let none = header(#"{"alg":"none","typ":"JWT","kid":"key-1"}"#)
        let forgeries = [
            try await FakeAccounts.token(signedWith: otherSecret),
            try await FakeAccounts.token(signedWith: otherKey), try await FakeAccounts.token(of: stranger),
            "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])", "\(none).\(parts[1])",
            "\(header(#"{"alg":"HS512","kid":"key-1"}"#)).\(parts[1]).\(parts[2])",
            "\(header(#"{"alg":"HS256"}"#)).\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1]).",
            "\(parts[0]).\(header(#"{"usr":"root"}"#)).\(parts[2])", token + "x", "x", "..", "a.b.c",
            String(repeating: "a", count: 5000),
        ]
        for forgery in forgeries {
            let answer = try await call(inHeader: "Bearer \(forgery)")
            #expect(answer.status == 401, "\(forgery)")
            #expect(try answer.code == "INVALID_TOKEN", "\(forgery)")
        }
    }

    @Test("A token is valid for exactly two hours")
    func itIsGoodForTwoHoursToTheSecond() async throws {
        let ago = Duration.seconds(-2 * 60 * 60)
        let last = try await FakeAccounts.token(
            issued: TestServerFixture.now.advanced(by: ago + .seconds(1)))
        #expect(try await call(inHeader: "Bearer \(last)").status == 200)
        let expired = try await FakeAccounts.token(issued: TestServerFixture.now.advanced(by: ago))
        let answer = try await call(inHeader: "Bearer \(expired)")
        #expect(answer.status == 401)
        #expect(try answer.code == "TOKEN_EXPIRED")
    }

    @Test("A suspended operator's token is OPERATOR_SUSPENDED")
    func aSuspendedOperatorsIsRefused() async throws {
        let token = try await FakeAccounts.token(of: FakeAccounts.halted)
        let answer = try await call(inHeader: "Bearer \(token)")
        #expect(answer.status == 403)
        #expect(try answer.code == "OPERATOR_SUSPENDED")
    }

    @Test("A call whose token cannot be verified is SERVICE_UNAVAILABLE")
    func aNodeThatCannotKnowIsUnavailable() async throws {
        let token = try await FakeAccounts.token()
        let answer = try await call(
            inHeader: "Bearer \(token)", accounts: FakeAccounts(failure: .serviceUnavailable))
        #expect(answer.status == 503)
        #expect(try answer.code == "SERVICE_UNAVAILABLE")
        #expect(answer.headers[.retryAfter] == "1")
    }

    private func header(_ json: String) -> String {
        Data(json.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
