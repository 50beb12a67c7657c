import StrictJSON
import Charges
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the header Idempotency-Key.
@Suite struct IdempotencyKeyTests {
    private func call(_ front: TestServerFixture, keys: [String]) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(try await FakeAccounts.token())"]
        for key in keys { headers.append(HTTPField(name: .idempotencyKey, value: key)) }
        return try await front.accept(BodyFixture.charges(count: 1), headers: headers)
    }

    @Test(
        "A valid key reaches the repository",
        arguments: ["1", "!~", #""quoted""#, "a,b", "A", String(repeating: "x", count: 128)])
    func aGoodOneReachesTheRepository(_ key: String) async throws {
        let front = TestServerFixture()
        #expect(try await call(front, keys: [key]).status == 200)
        #expect(front.decisions.calls.map(\.idempotencyKey) == [ExactText(key)])
    }

    @Test(
        "A malformed or repeated key is refused",
        arguments: [
            [""], [" "], ["a b"], ["a\tb"], ["caf\u{E9}"], ["\u{7F}"], [String(repeating: "x", count: 129)],
            ["a", "b"], ["a", "a"], ["a", ""],
        ])
    func aBadOneIsRefused(_ keys: [String]) async throws {
        let front = TestServerFixture()
        let answer = try await call(front, keys: keys)
        #expect(answer.status == 400)
        #expect(try answer.code == "INVALID_PARAMETER")
        #expect(try answer.description.contains("Idempotency-Key"))
        #expect(try answer.data == .object([]))
        #expect(front.decisions.calls.isEmpty)
    }

    @Test("The key is optional")
    func itIsOptional() async throws {
        let front = TestServerFixture()
        #expect(try await call(front, keys: []).status == 200)
        #expect(front.decisions.calls.map(\.idempotencyKey) == [nil])
    }
}
