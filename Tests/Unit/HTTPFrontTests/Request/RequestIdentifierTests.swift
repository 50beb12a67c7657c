import Charges
import Foundation
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of X-Request-Id, which every response has: the client's own id, or a new one.
@Suite struct RequestIdentifierTests {
    private static let longest = String(repeating: "x", count: 128)

    private func identifier(_ given: String...) async throws -> String? {
        var headers: HTTPFields = [:]
        for value in given { headers.append(HTTPField(name: .requestIdentifier, value: value)) }
        return try await TestServerFixture().send(.get, "/livez", headers: headers).headers[
            .requestIdentifier]
    }

    @Test("A client's own id is returned", arguments: ["1", "!~", "a-b_c.d:e/f", #""\"#, longest])
    func theCallersOwnIsEchoed(_ given: String) async throws {
        #expect(try await identifier(given) == given)
    }

    @Test(
        "A malformed id is replaced",
        arguments: ["", " ", "a b", "a\tb", "caf\u{E9}", "\u{7F}", longest + "x"])
    func whatIsNoneIsReplaced(_ given: String) async throws {
        let identifier = try await identifier(given)
        #expect(identifier != given)
        #expect(identifier.flatMap { UUID(uuidString: $0) } != nil)
    }

    @Test("Two ids are replaced by a new one")
    func twoOfThemAreNone() async throws {
        let identifier = try await identifier("one", "two")
        #expect(identifier.flatMap { UUID(uuidString: $0) } != nil)
    }

    /// RFC 9562, sections 4 and 5.4.
    @Test("A new id is a random UUID of version 4")
    func aNewOneIsARandomUUID() {
        let identifiers = (0..<1000).map { _ in RequestIdentifier.new }
        #expect(Set(identifiers).count == 1000)
        for identifier in identifiers {
            let characters = Array(identifier)
            #expect(UUID(uuidString: identifier)?.uuidString.lowercased() == identifier)
            #expect(characters[14] == "4" && "89ab".contains(characters[19]))
        }
        // Every other digit takes every value somewhere.
        for place in 0..<36 where ![8, 13, 14, 18, 19, 23].contains(place) {
            #expect(Set(identifiers.map { Array($0)[place] }).count == 16)
        }
    }

    @Test("Each response without a client's id has a new one")
    func withoutOneEachAnswerHasItsOwn() async throws {
        let first = try await identifier()
        let second = try await identifier()
        #expect(first.flatMap { UUID(uuidString: $0) } != nil)
        #expect(first != second)
    }

    @Test(
        "Errors have the id too",
        arguments: [
            (.post, "/nowhere", 404), (.get, TestServerFixture.acceptPath, 405),
            (.post, TestServerFixture.acceptPath, 400),
            (.post, TestServerFixture.loginPath, 400), (.head, "/readyz", 503), (.get, "/readyz", 503),
        ] as [(HTTPRequest.Method, String, Int)])
    func errorsCarryItToo(_ method: HTTPRequest.Method, _ path: String, _ status: Int) async throws {
        let front = TestServerFixture(isReady: false)
        let answer = try await front.send(method, path, headers: [.requestIdentifier: "mine"])
        #expect(answer.status == status)
        #expect(answer.headers[.requestIdentifier] == "mine")
        #expect(front.log.lines.map { $0.metadata["request_id"] } == ["mine"])
        let other = try await front.send(method, path)
        #expect(other.headers[.requestIdentifier].flatMap { UUID(uuidString: $0) } != nil)
    }

    @Test("An internal error's description contains the id")
    func anInternalErrorNamesIt() async throws {
        let front = TestServerFixture(decisions: .refusing(.internalError))
        let headers: HTTPFields = [
            .requestIdentifier: "mine", .authorization: "Bearer \(try await FakeAccounts.token())",
        ]
        let answer = try await front.accept(BodyFixture.charges(count: 1), headers: headers)
        #expect(answer.status == 500)
        #expect(try answer.description.contains("mine"))
    }
}
