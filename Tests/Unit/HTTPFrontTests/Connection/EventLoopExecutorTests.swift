import Charges
import Foundation
import HTTPTypes
import NIOPosix
import Synchronization
import Testing

@testable import HTTPFront

/// Tests of which calls run on the event loop of their connection.
@Suite struct EventLoopExecutorTests {
    private static var isOnEventLoop: Bool { MultiThreadedEventLoopGroup.currentEventLoop != nil }

    @Test("An operator's call stays on the event loop of its connection, even after it has waited")
    func callsStayOnTheEventLoop() async throws {
        let places = Mutex<[Bool]>([])
        let decisions = FakeDecisions { (call) throws(RequestFailure) in
            places.withLock { $0.append(Self.isOnEventLoop) }
            await withCheckedContinuation { continuation in
                // A connection of the database answers from a thread of its own.
                OtherThread.run { continuation.resume() }
            }
            places.withLock { $0.append(Self.isOnEventLoop) }
            return FakeDecisions.preflight(call)
        }
        let body = BodyFixture.charges(count: 1)
        let request =
            "POST \(TestServerFixture.acceptPath) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Authorization: Bearer \(try await FakeAccounts.token())\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
        try await SocketServerFixture.serving(TestServerFixture(decisions: decisions)) { server in
            let text = try await server.exchange(request)
            #expect(text.hasPrefix("HTTP/1.1 200 OK"))
        }
        #expect(places.withLock { $0 } == [true, true])
    }

    @Test(
        "Pages and files leave the event loop, and operators' other calls do not",
        arguments: [
            ("/console/sign-in", "GET", false), (TestServerFixture.acceptPath, "POST", true),
            ("/crmapi/rest/v2/netflix/charges/list", "GET", true),
        ])
    func longCallsLeaveIt(_ path: String, _ method: String, _ isBrief: Bool) throws {
        let routes = TestServerFixture().routes
        guard case .found(let controller, _) = routes.route(path: path, method: .init(method)!) else {
            Issue.record("there is no such route")
            return
        }
        #expect(controller.isBrief == isBrief)
    }
}

/// A thread that is not an event loop's.
private enum OtherThread {
    static func run(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread { body() }
        thread.start()
    }
}
