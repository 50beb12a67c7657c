import Authentication
import StrictJSON
import Charges
import Foundation
import HTTPFront
import HTTPTypes
import Testing

/// Tests of `POST authentication/token`.
@Suite struct PasswordLoginTests {
    private static let password = FakeAccounts.password

    private func body(
        _ username: String = "alice", _ password: String = password, _ organisation: String = "acme",
        more: String = ""
    ) -> String {
        #"{"username": "\#(username)", "password": "\#(password)", "organisation": "\#(organisation)"\#(more)}"#
    }

    @Test("A correct login gets a valid token")
    func theRightOnesGetATokenThatIsGood() async throws {
        let front = TestServerFixture()
        let answer = try await front.login(body())
        #expect(try answer.summary == "200 OK: ")
        #expect(try answer.data?.names == ["token"])
        let token = try #require(try answer.data?["token"]?.string)
        #expect(try await accepts(token, front))

        let parts = token.split(separator: ".").map(String.init)
        #expect(try claims(parts[0])["alg"] == .string("HS256"))
        #expect(try claims(parts[0])["kid"] == .string(FakeAccounts.key.identifier))
        let claims = try claims(parts[1])
        #expect(claims["usr"] == .string("alice"))
        #expect(claims["org"] == .string("acme"))
        #expect(claims["oun"] == .string("acme"))
        #expect(claims["rol"] == .string("decider") && claims["aud"] == .string("api"))
        #expect(claims["iat"] == .number("1800000000"))
        #expect(claims["exp"] == .number("1800007200"))
        #expect(claims["jti"]?.string.flatMap { UUID(uuidString: $0) } != nil)
    }

    @Test("Each login gets another token")
    func everyTokenIsAnother() async throws {
        let front = TestServerFixture()
        let first = try await front.login(body()).data
        #expect(try await front.login(body()).data != first)
    }

    @Test(
        "Every wrong login gets the same error",
        arguments: [
            ("alice", "wrong", "acme"), ("nobody", password, "acme"), ("alice", password, "nowhere"),
            ("Alice", password, "acme"), ("alice", password + " ", "acme"), ("alice", password, "ACME"),
            (#"alice\u0000"#, password, "acme"), ("alice", password + #"\u0000"#, "acme"),
            (String(repeating: "a", count: 1025), password, "acme"),
            ("alice", String(repeating: "a", count: 100_000), "acme"),
        ])
    func everyWrongLoginGetsTheSameError(_ username: String, _ password: String, _ organisation: String)
        async throws
    {
        let answer = try await TestServerFixture().login(body(username, password, organisation))
        #expect(
            try answer.summary
                == "401 INVALID_CREDENTIALS: The username, the password or the organisation is wrong.")
        #expect(try answer.data == .object([]))
    }

    @Test("A missing or mistyped field is named", arguments: ["username", "password", "organisation"])
    func aFieldThatIsMissingOrOfAnotherTypeIsNamed(_ field: String) async throws {
        let front = TestServerFixture()
        let values = [
            (nil, "MISSING_PARAMETER: \(field) is missing or empty."),
            ("null", "MISSING_PARAMETER: \(field) is missing or empty."),
            ("\"\"", "MISSING_PARAMETER: \(field) is missing or empty."),
            ("7", "INVALID_PARAMETER: \(field) must be a string."),
            ("[]", "INVALID_PARAMETER: \(field) must be a string."),
            ("true", "INVALID_PARAMETER: \(field) must be a string."),
        ]
        for (value, summary) in values {
            var fields = [
                "username": #""alice""#, "password": #""\#(Self.password)""#, "organisation": #""acme""#,
            ]
            fields[field] = value
            let body = fields.map { #""\#($0.key)": \#($0.value)"# }.joined(separator: ", ")
            let answer = try await front.login("{\(body)}")
            #expect(try answer.summary == "400 \(summary)")
            #expect(try answer.data == .object([]))
        }
    }

    @Test(
        "A body of another shape is refused",
        arguments: [
            ("", "INVALID_JSON"), ("username=alice", "INVALID_JSON"), ("[]", "INVALID_PARAMETER"),
            ("null", "INVALID_PARAMETER"), (#"{"username": "a", "username": "b"}"#, "INVALID_JSON"),
            ("{}", "MISSING_PARAMETER"),
        ])
    func aBodyOfAnotherShapeIsRefused(_ body: String, _ code: String) async throws {
        let answer = try await TestServerFixture().login(body)
        #expect(answer.status == 400)
        #expect(try answer.code == code)
    }

    @Test(
        "The unit is ignored",
        arguments: [
            "null", "\"\"", #""north""#, #""\u0000""#, "7", "[]", "{}", "false",
            "\"\(String(repeating: "x", count: 10_000))\"",
            #""\#(String(repeating: #"\u0001"#, count: 64))""#,
        ])
    func theUnitIsIgnored(_ unit: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.login(body(more: #", "unit": \#(unit), "other": [1], "token": 5"#))
        #expect(try answer.summary == "200 OK: ")
        let token = try #require(try answer.data?["token"]?.string)
        #expect(try await accepts(token, front))
    }

    @Test(
        "A suspension is reported after a correct password only",
        arguments: [("bob", "acme"), ("alice", "halted")])
    func aSuspensionIsReportedAfterARightPasswordOnly(_ username: String, _ organisation: String) async throws
    {
        let front = TestServerFixture()
        let right = try await front.login(body(username, Self.password, organisation))
        #expect(right.status == 403)
        #expect(try right.code == "OPERATOR_SUSPENDED")
        #expect(try right.data == .object([]))
        let wrong = try await front.login(body(username, "wrong", organisation))
        #expect(wrong.status == 401)
        #expect(try wrong.code == "INVALID_CREDENTIALS")
    }

    @Test("A login without the database is SERVICE_UNAVAILABLE")
    func aNodeThatCannotKnowIsUnavailable() async throws {
        let front = TestServerFixture(accounts: FakeAccounts(failure: .serviceUnavailable))
        let answer = try await front.login(body())
        #expect(answer.status == 503)
        #expect(try answer.code == "SERVICE_UNAVAILABLE")
        #expect(answer.headers[.retryAfter] == "1")
    }

    private func accepts(_ token: String, _ front: TestServerFixture) async throws -> Bool {
        let headers: HTTPFields = [.authorization: "Bearer \(token)"]
        return try await front.accept(BodyFixture.charges(count: 1), headers: headers).status == 200
    }

    private func claims(_ part: String) throws -> JSONValue {
        let base64 = part.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
        return try JSONReader.read(try #require(Data(base64Encoded: base64 + padding)))
    }
}
