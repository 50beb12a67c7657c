import StrictJSON
import Charges
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the request-level errors in docs/api.md.
@Suite struct EnvelopeTests {
    private static let statuses: [RequestFailure.Code: Int] = [
        .invalidJSON: 400, .missingParameter: 400, .invalidParameter: 400, .tooManyCharges: 400,
        .invalidToken: 401, .tokenExpired: 401, .invalidCredentials: 401, .invalidKey: 401,
        .operatorSuspended: 403, .notPermitted: 403,
        .notFound: 404, .methodNotAllowed: 405, .idempotencyKeyReused: 409, .requestTimeout: 408,
        .requestTooLarge: 413,
        .cursorExpired: 400, .rateLimited: 429, .internalError: 500,
        .serviceUnavailable: 503, .outcomeUnknown: 503,
    ]

    @Test("Each code has its status in the envelope", arguments: RequestFailure.Code.allCases)
    func eachCodeHasItsStatusAndTheEnvelope(_ code: RequestFailure.Code) async throws {
        let front = TestServerFixture(decisions: .refusing(RequestFailure(code, "What to change.")))
        let answer = try await front.accept(BodyFixture.charges(count: 1))
        #expect(answer.status == Self.statuses[code])
        #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
        #expect(answer.headers[.retryAfter] == nil)
        let json = try answer.json
        #expect(json.names == ["data", "status"])
        #expect(json["data"] == .object([]))
        #expect(json["status"]?.names == ["code", "description", "message"])
        #expect(json["status"]?["code"] == .string(code.rawValue))
        #expect(try answer.description.hasPrefix("What to change."))
        let message = try #require(json["status"]?["message"]?.string)
        #expect(message.hasSuffix(".") && message.count < 60)
    }

    @Test(
        "A repository's failure is returned with its status and Retry-After",
        arguments: [
            (.serviceUnavailable, 503, "SERVICE_UNAVAILABLE", "1"),
            (.operatorBeyondShare, 429, "RATE_LIMITED", "1"),
            (
                RequestFailure(.serviceUnavailable, "Later.", retryAfterSeconds: 30), 503,
                "SERVICE_UNAVAILABLE", "30"
            ),
            (.outcomeUnknown, 503, "OUTCOME_UNKNOWN", nil), (.internalError, 500, "INTERNAL_ERROR", nil),
        ] as [(RequestFailure, Int, String, String?)])
    func theRepositorysFailureIsReturned(
        _ failure: RequestFailure, _ status: Int, _ code: String, _ retryAfter: String?
    ) async throws {
        let answer = try await TestServerFixture(decisions: .refusing(failure)).accept(
            BodyFixture.charges(count: 1))
        #expect(answer.status == status)
        #expect(try answer.code == code)
        #expect(try answer.data == .object([]))
        #expect(answer.headers[.retryAfter] == retryAfter)
        #expect(try answer.description.hasPrefix(failure.description))
    }

    @Test("An internal error has the request id and nothing internal")
    func anInternalErrorSaysTheRequestIdAndNothingOfTheInside() async throws {
        let answer = try await TestServerFixture(decisions: .refusing(.internalError)).accept(
            BodyFixture.charges(count: 1))
        let identifier = try #require(answer.headers[.requestIdentifier])
        #expect(
            try answer.summary
                == "500 INTERNAL_ERROR: The service failed. The outcome of the call is unknown. "
                + "The request id is \(identifier).")
    }

    @Test(
        "A call without a token learns nothing else",
        arguments: [
            "[]", "{}", BodyFixture.charges("7"), BodyFixture.charges(count: 51), BodyFixture.charges("[{}]"),
        ])
    func aCallWithoutATokenLearnsNothingElse(_ body: String) async throws {
        let answer = try await TestServerFixture().accept(
            body, query: "?results=x", headers: [.idempotencyKey: ""])
        #expect(answer.status == 401)
        #expect(try answer.code == "INVALID_TOKEN")
    }
}
