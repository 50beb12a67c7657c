import NIOCore
import Testing

@testable import Benchmark

/// Tests of the load on a service that answers, waits, hangs up or dies.
@Suite struct HTTPLoadTests {
    private let loop = LoadLoop()
    private static let patience = Duration.seconds(60)

    private func load(_ service: FakeService, connections: Int = 1, model: LoadModel = .closed)
        -> HTTPLoad
    {
        HTTPLoad(
            target: service.target, connections: connections, model: model,
            workload: RequestCycle(
                ["GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"], expected: ExpectedResult(items: 1)),
            on: loop)
    }

    /// The service dies, and calls stay due.
    @Test("Every due call is counted, sent or not")
    func everyDueCallIsCounted() async throws {
        let service = try FakeService { $0 < 5 ? .answer(code: "OK") : .die }
        let load = load(service, connections: 2, model: .open(callsPerSecond: 1_000_000))
        try load.start()
        load.beginWindow()
        // From the first call on, calls are due.
        try await service.requests(1)
        let begun = NIODeadline.now()
        try await service.requests(.max)
        let ended = NIODeadline.now()
        let result = load.finish(patience: Self.patience)
        #expect(result.whole.calls <= 5)
        #expect(result.isDisconnected)
        let counted = result.whole.calls + result.whole.unknownCalls + result.unsentCalls
        #expect(counted >= Int((ended - begun).nanoseconds / 1000))
        #expect(result.latencies.count > result.whole.calls)
        loop.end()
    }

    @Test("A lost connection is reconnected, however often")
    func aLostConnectionIsMadeAnewHoweverOften() async throws {
        let service = try FakeService { $0 < 5 ? .hangUp : .answer(code: "OK") }
        let load = load(service)
        try load.start()
        try await service.requests(10)
        let result = load.finish(patience: Self.patience)
        #expect(result.whole.unknownCalls == 5)
        // How soon a connection is lost says nothing of how long a call takes.
        #expect(result.latencies.count == 0)
        #expect(result.whole.lostItems == 5)
        #expect(result.whole.calls >= 5)
        #expect(!result.isDisconnected)
        loop.end()
    }

    /// However high the rate, nothing is answered before it is.
    @Test("The rate counts answers, not requests")
    func theRateIsThatOfTheAnswers() async throws {
        let service = try FakeService { $0 < 2 ? .hold : .answer(code: "OK") }
        let load = load(service, connections: 2, model: .open(callsPerSecond: 50_000))
        try load.start()
        load.beginWindow()
        try await service.requests(2)
        load.endWindow()
        try await service.release()
        let result = load.finish(patience: Self.patience)
        #expect(result.window.calls == 0)
        #expect(result.whole.calls > 2)
        // Those that were due meanwhile count against it still.
        #expect(result.latencies.count > 0)
        loop.end()
    }

    @Test("A refused call's latency lasts until its repetition is answered")
    func aRefusedCallLastsUntilItIsAnswered() async throws {
        let service = try FakeService {
            [.answer(code: "SERVICE_UNAVAILABLE"), .hold, .answer(code: "OK")][min($0, 2)]
        }
        let load = load(service)
        try load.start()
        load.beginWindow()
        let first = try await service.requests(2)
        let released = NIODeadline.now()
        try await service.release()
        let result = load.finish(patience: Self.patience)
        #expect(result.whole.refusedCalls == 1)
        #expect(result.whole.lostItems == 0)
        #expect(result.latencies.count == result.whole.calls)
        let longest = try #require(result.latencies.maximumMilliseconds)
        // The histogram is exact to three digits.
        #expect(longest >= Double((released - first).nanoseconds) / 1_000_000 * 0.998)
        loop.end()
    }

    /// The call is awaited until after the window.
    @Test("A call without an answer counts with the time it was awaited")
    func aCallWithoutAnAnswerLastsAsLongAsItWasAwaited() async throws {
        let service = try FakeService { _ in .hold }
        let load = load(service)
        try load.start()
        load.beginWindow()
        try await service.requests(1)
        load.endWindow()
        let result = load.finish(patience: .milliseconds(1))
        #expect(result.whole.unknownCalls == 1)
        #expect(result.latencies.count == 1)
        loop.end()
    }
}
