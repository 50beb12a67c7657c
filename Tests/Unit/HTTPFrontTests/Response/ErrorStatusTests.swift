import Authentication
import StrictJSON
import Charges
import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of `errors-http-status`: the operator's own setting, or the node's for operators without one.
@Suite struct ErrorStatusTests {
    private func front(_ policy: ErrorStatusPolicy, _ failure: RequestFailure? = nil) -> TestServerFixture {
        TestServerFixture(decisions: failure.map(FakeDecisions.refusing) ?? FakeDecisions(), isReady: false) {
            $0.errorStatusPolicy = policy
        }
    }

    private func headers(_ account: OperatorAccount) async throws -> HTTPFields {
        [.authorization: "Bearer \(try await FakeAccounts.token(of: account))"]
    }

    @Test(
        "Each code has the status that the operator's setting, or else the node's, demands",
        arguments: RequestFailure.Code.allCases)
    func everyCodeIsAnsweredAsTheOperatorWishes(_ code: RequestFailure.Code) async throws {
        let failure = RequestFailure(code, "Words.", retryAfterSeconds: 3)
        let fitting = code.httpStatus.code
        for (setting, account, status) in [
            (.standard, FakeAccounts.acme, fitting), (.always200, FakeAccounts.acme, 200),
            (.standard, FakeAccounts.lenient, 200), (.always200, FakeAccounts.lenient, 200),
            (.standard, FakeAccounts.strict, fitting), (.always200, FakeAccounts.strict, fitting),
        ] as [(ErrorStatusPolicy, OperatorAccount, Int)] {
            let front = front(setting, failure)
            let answer = try await front.accept(
                BodyFixture.charges(count: 1), headers: try await headers(account))
            #expect(answer.status == status)
            #expect(try answer.code == code.rawValue)
            #expect(try answer.data == .object([]))
            #expect(answer.headers[.retryAfter] == "3")
            #expect(answer.headers[.wwwAuthenticate] == (status == 401 ? "Bearer" : nil))
            // What is the service's fault stays an error of the log.
            #expect(front.log.lines.first?.level == (fitting >= 500 ? .error : .info))
        }
    }

    @Test(
        "Without an operator the node's setting applies to operators' paths alone",
        arguments: [
            (.post, "/crmapi", 404), (.post, "/crmapi/rest/v2", 200), (.post, "/crmapi/rest/v2/nowhere", 200),
            (.post, "/crmapi/rest/v2x", 404), (.get, TestServerFixture.acceptPath, 200),
            (.post, "/nowhere", 404),
            (.get, "/readyz", 503), (.post, "/livez", 405), (.post, TestServerFixture.loginPath, 200),
            (.post, "/provider/v1/charges", 404),
        ] as [(HTTPRequest.Method, String, Int)])
    func withoutAnOperatorTheSettingHoldsForOperatorsPathsAlone(
        _ method: HTTPRequest.Method, _ path: String, _ status: Int
    ) async throws {
        #expect(try await front(.always200).send(method, path).status == status)
        #expect(try await front(.standard).send(method, path).status >= 400)
    }

    /// The body, which may have a token as well, cannot be read; the header can.
    @Test(
        "The header's token identifies the operator, whatever the body",
        arguments: [
            (.post, TestServerFixture.acceptPath, "{", "INVALID_JSON"),
            (
                .post, TestServerFixture.acceptPath, String(repeating: " ", count: 300_000),
                "REQUEST_TOO_LARGE"
            ),
            (.post, TestServerFixture.base + "/authentication/token/release", "[1,]", "INVALID_JSON"),
            (.post, TestServerFixture.base + "/nowhere", "", "NOT_FOUND"),
            (.get, TestServerFixture.acceptPath, "", "METHOD_NOT_ALLOWED"),
        ] as [(HTTPRequest.Method, String, String, String)])
    func theHeaderTellsWhoseCallItIsWhateverTheBody(
        _ method: HTTPRequest.Method, _ path: String, _ body: String, _ code: String
    ) async throws {
        for (setting, account, is200) in [
            (.standard, FakeAccounts.lenient, true), (.always200, FakeAccounts.strict, false),
        ] as [(ErrorStatusPolicy, OperatorAccount, Bool)] {
            let front = front(setting)
            let answer = try await front.send(
                method, path, headers: try await headers(account),
                body: .whole(ByteBuffer(string: body)))
            #expect((answer.status == 200) == is200)
            #expect(try answer.code == code)
            #expect(front.log.lines.first?.metadata["operator"] == account.code)
        }
    }

    @Test("A suspended operator is answered by its own setting")
    func aSuspendedOperatorIsAnsweredAsItWishes() async throws {
        let front = front(.standard)
        let call = try await front.accept(
            BodyFixture.charges(count: 1), headers: try await headers(FakeAccounts.lenientHalted))
        #expect(call.status == 200)
        #expect(try call.code == "OPERATOR_SUSPENDED")
        let body = { (password: String) in
            #"{"username": "alice", "password": "\#(password)", "organisation": "lenient-halted"}"#
        }
        let login = try await front.login(body(FakeAccounts.password))
        #expect(login.status == 200)
        #expect(try login.code == "OPERATOR_SUSPENDED")
        // A wrong password does not tell the operator.
        #expect(try await front.login(body("wrong")).status == 401)
    }

    /// Every controller must record the operator with `RequestContext.authenticate`.
    @Test("Every call with a token uses its operator's setting")
    func everyCallWithATokenKnowsItsOperator() async throws {
        for (path, method) in front(.standard).routes.all where path.hasPrefix(Routes.operatorsBase) {
            // The setting does not apply to files.
            guard !["/token", "/download", "/create"].contains(where: path.hasSuffix) else { continue }
            // One of the calls revokes its token.
            let front = front(.standard)
            let token = try await FakeAccounts.token(of: FakeAccounts.lenient)
            let body = method == .post ? #"{"token": "\#(token)"}"# : ""
            let answer = try await front.send(
                method, path + (method == .get ? "?token=\(token)" : ""),
                body: .whole(ByteBuffer(string: body)))
            #expect(answer.status == 200, "\(method) \(path)")
        }
    }
}
