import StrictJSON
import Charges
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of a call's deadline: a decision that has begun is not cancelled, and its answer is not awaited beyond the
/// deadline.
@Suite struct DeadlineTests {
    /// A repository that signals when it has been entered, and continues when the test lets it.
    private final class ManualDecisions: Sendable {
        private let entered = AsyncStream<Void>.makeStream()
        private let released = AsyncStream<Void>.makeStream()
        private let left = AsyncStream<Bool>.makeStream()

        var decisions: FakeDecisions {
            FakeDecisions { [self] (call) throws(RequestFailure) in
                entered.continuation.yield()
                for await _ in released.stream { break }
                left.continuation.yield(Task.isCancelled)
                return FakeDecisions.preflight(call)
            }
        }

        func waitUntilEntered() async {
            for await _ in entered.stream { break }
        }

        func release() { released.continuation.yield() }

        /// Waits until the repository is done.
        ///
        /// - Returns: Whether it was cancelled.
        func wasCancelled() async -> Bool? {
            for await cancelled in left.stream { return cancelled }
            return nil
        }
    }

    @Test("A call past its deadline is OUTCOME_UNKNOWN")
    func beyondTheDeadlineTheOutcomeIsNotKnown() async throws {
        let held = ManualDecisions()
        let front = TestServerFixture(decisions: held.decisions) { $0.callTimeoutMilliseconds = 0 }
        let answer = try await front.accept(BodyFixture.charges(count: 1))
        #expect(answer.status == 503)
        #expect(try answer.code == "OUTCOME_UNKNOWN")
        #expect(try answer.data == .object([]))
        #expect(answer.headers[.retryAfter] == nil)
        held.release()
        #expect(await held.wasCancelled() == false)
    }

    /// A node that was frozen reads the call long after its client has the answer that the outcome is unknown.
    @Test("A call that lay unread beyond the call timeout is refused")
    func whatLayUnreadForLongerThanACallLastsIsRefused() async throws {
        let front = TestServerFixture { $0.callTimeoutMilliseconds = 10_000 }
        let headers: HTTPFields = [.authorization: "Bearer \(try await FakeAccounts.token())"]
        let answer = try await front.send(
            .post, TestServerFixture.acceptPath, headers: headers,
            body: .whole(ByteBuffer(string: BodyFixture.charges(count: 1))),
            unread: .milliseconds(10_001))
        #expect(answer.status == 503)
        #expect(try answer.code == "SERVICE_UNAVAILABLE")
        #expect(answer.headers[.retryAfter] == "1")
        #expect(front.decisions.calls.isEmpty)
    }

    @Test("Time that a call lay unread counts against its deadline")
    func theTimeThatACallLayUnreadIsPartOfItsTime() async throws {
        let front = TestServerFixture { $0.callTimeoutMilliseconds = 3_600_000 }
        let headers: HTTPFields = [.authorization: "Bearer \(try await FakeAccounts.token())"]
        let answer = try await front.send(
            .post, TestServerFixture.acceptPath, headers: headers,
            body: .whole(ByteBuffer(string: BodyFixture.charges(count: 1))), unread: .seconds(1800))
        #expect(answer.status == 200)
        let deadline = try #require(front.decisions.calls.first?.deadline)
        #expect(deadline <= ContinuousClock.now + .seconds(1800))
    }

    @Test("A client that hangs up cancels nothing")
    func aClientThatHangsUpCancelsNothing() async throws {
        let held = ManualDecisions()
        let front = TestServerFixture(decisions: held.decisions)
        let call = Task { try await front.accept(BodyFixture.charges(count: 1)) }
        await held.waitUntilEntered()
        call.cancel()
        held.release()
        #expect(try await call.value.status == 200)
        #expect(await held.wasCancelled() == false)
        #expect(front.log.lines.map { $0.metadata["code"] } == ["OK"])
    }

    @Test("A call that waits does not delay others")
    func aCallThatIsHeldHoldsNoOther() async throws {
        let held = ManualDecisions()
        let front = TestServerFixture(decisions: held.decisions)
        async let first = front.accept(BodyFixture.charges(count: 1))
        await held.waitUntilEntered()
        #expect(try await front.send(.get, "/livez").status == 200)
        held.release()
        #expect(try await first.status == 200)
    }
}
