import StrictJSON
import HTTPTypes
import Logging
import Testing

@testable import HTTPFront

/// Tests of paths and methods.
@Suite struct RoutingTests {
    @Test(
        "An unknown path is NOT_FOUND",
        arguments: [
            "", "/accept", "/crmapi/rest/v2", TestServerFixture.acceptPath + "//",
            TestServerFixture.acceptPath + "/x",
            "/" + TestServerFixture.acceptPath, TestServerFixture.acceptPath.uppercased(),
            TestServerFixture.acceptPath + "%2F",
            "/crmapi/rest/v1/netflix/charges/accept", TestServerFixture.base + "/netflix/charges/%61ccept",
            TestServerFixture.base + "/netflix/charges/../charges/accept",
            TestServerFixture.acceptPath + ";a=b", "//livez",
        ])
    func whatIsNowhereIsNotFound(_ path: String) async throws {
        let answer = try await TestServerFixture().send(.post, path)
        #expect(answer.status == 404)
        #expect(try answer.code == "NOT_FOUND")
        #expect(try answer.data == .object([]))
    }

    @Test(
        "Another method is refused, and Allow names the right one",
        arguments: [
            (.get, TestServerFixture.acceptPath, "POST"), (.put, TestServerFixture.acceptPath, "POST"),
            (.delete, TestServerFixture.acceptPath + "/?results=all", "POST"),
            (.head, TestServerFixture.loginPath, "POST"),
            (.patch, TestServerFixture.loginPath, "POST"),
            (.post, "/livez", "GET"), (.delete, "/readyz/", "GET"),
            (HTTPRequest.Method("QUERY")!, "/livez", "GET"),
        ] as [(HTTPRequest.Method, String, String)])
    func anotherMethodIsRefusedAndTheRightOneNamed(
        _ method: HTTPRequest.Method, _ path: String, _ allowed: String
    ) async throws {
        let answer = try await TestServerFixture().send(method, path)
        #expect(answer.status == 405)
        #expect(answer.headers[.allow]?.split(separator: ", ").contains(Substring(allowed)) == true)
        guard method != .head else { return }
        #expect(try answer.code == "METHOD_NOT_ALLOWED")
        #expect(try answer.description.contains(allowed))
    }

    @Test(
        "A method that no path has is 501, on any path",
        arguments: ["/livez", "/nowhere", TestServerFixture.acceptPath])
    func anUnknownMethod(_ path: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.send(try #require(HTTPRequest.Method("BREW")), path)
        #expect(answer.status == 501)
        #expect(try answer.code == "METHOD_NOT_ALLOWED")
        // The fault is the client's.
        #expect(front.log.lines.allSatisfy { $0.level < .error })
    }

    @Test(
        "OPTIONS names the methods of the path",
        arguments: [
            ("/livez", "GET, HEAD, OPTIONS"), ("/docs/?a=b", "GET, HEAD, OPTIONS"),
            (TestServerFixture.acceptPath, "OPTIONS, POST"), ("*", "GET, HEAD, OPTIONS, POST"),
        ])
    func options(_ path: String, _ allowed: String) async throws {
        let answer = try await TestServerFixture().send(.options, path)
        #expect(try answer.summary == "200 OK: ")
        #expect(answer.headers[.allow] == allowed)
    }

    @Test("A trailing slash is accepted", arguments: ["", "/", "?", "/?", "?a=b", "/?a=b", "?a=/x/"])
    func aSlashAtTheEndIsTolerated(_ ending: String) async throws {
        let front = TestServerFixture()
        let answer = try await front.accept(BodyFixture.charges(count: 1), query: ending)
        #expect(answer.status == 200)
        #expect(front.decisions.calls.count == 1)
    }

    @Test(
        "Both listeners answer probes", arguments: ["/livez", "/readyz", "/livez/", "/readyz?verbose"],
        [false, true])
    func bothSidesAnswerProbes(_ path: String, internalSide: Bool) async throws {
        let answer = try await TestServerFixture(internalSide: internalSide).send(.get, path)
        #expect(answer.status == 200)
        #expect(try answer.summary == "200 OK: ")
        #expect(try answer.data == .object([]))
    }

    @Test("A node that is not ready answers 503 on /readyz")
    func aNodeThatIsNotReadySaysSo() async throws {
        let front = TestServerFixture(isReady: false)
        let ready = try await front.send(.get, "/readyz")
        #expect(ready.status == 503)
        #expect(try ready.code == "SERVICE_UNAVAILABLE")
        #expect(ready.headers[.retryAfter] == "1")
        #expect(try await front.send(.get, "/livez").status == 200)
    }

    @Test("A node with a wrong clock is ready, and /readyz says so", arguments: [true, false])
    func aWrongClockIsShown(isReady: Bool) async throws {
        let front = TestServerFixture(isReady: isReady, warning: "The clock is 3 s behind.")
        let ready = try await front.send(.get, "/readyz")
        #expect(ready.status == (isReady ? 200 : 503))
        #expect(try ready.description.hasSuffix("The clock is 3 s behind."))
    }

    @Test("HEAD is answered like GET without the body")
    func aHEADIsAnsweredLikeAGETWithoutItsBody() async throws {
        let front = TestServerFixture()
        let get = try await front.send(.get, "/livez")
        let head = try await front.send(.head, "/livez")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers[.contentLength] == get.headers[.contentLength])
        #expect(head.headers[.requestIdentifier] != nil)
    }

    @Test(
        "The internal listener has no operators' calls",
        arguments: [TestServerFixture.acceptPath, TestServerFixture.loginPath])
    func theInternalSideHasNoCallsOfOperators(_ path: String) async throws {
        #expect(try await TestServerFixture(internalSide: true).send(.post, path).status == 404)
    }
}
