import Foundation
import Scheduling
import Synchronization
import Testing

@testable import ConnectionPool

/// Tests of the pool with its threads, on fake connections.
@Suite struct ConnectionPoolTests {
    private func pool(
        _ world: FakeServer, maximumConnections: Int = 4, maximumWaiters: Int = 10_000
    ) -> ConnectionPool<FakeConnection> {
        var configuration = PoolConfiguration()
        configuration.maximumConnections = maximumConnections
        configuration.maximumWaiters = maximumWaiters
        configuration.maximumWaitersPerShare = maximumWaiters
        configuration.firstBackOffMilliseconds = 1
        configuration.longestBackOffMilliseconds = 4
        let pool = ConnectionPool(configuration: configuration, name: "test") { _ in try world.open() }
        pool.start()
        return pool
    }

    @Test("A lease runs its body and returns the value")
    func aBodyRunsWithAConnectionAndItsValueComesBack() async throws {
        let pool = pool(FakeServer())
        let value = try await pool.withConnection(deadline: .now + .seconds(60)) { connection in
            connection.use()
        }
        #expect(value == 1)
        await pool.shutdown(deadline: .now + .seconds(60))
    }

    @Test("A lease rethrows its body's error")
    func whatABodyThrowsComesBack() async throws {
        struct Mishap: Error, Equatable {}
        let pool = pool(FakeServer())
        await #expect(throws: LeaseError<Mishap>.self) {
            try await pool.withConnection(deadline: .now + .seconds(60)) { _ throws(Mishap) in throw Mishap()
            }
        }
        await pool.shutdown(deadline: .now + .seconds(60))
    }

    @Test("A waiter is served once the server is up")
    func aPoolWhoseServerIsDownServesOnceItIsUp() async throws {
        let world = FakeServer()
        world.isDown = true
        let pool = pool(world)
        async let value = pool.withConnection(deadline: .now + .seconds(60)) { connection in connection.use()
        }
        await world.attempted.reached(3)
        world.isDown = false
        #expect(try await value == 1)
        await pool.shutdown(deadline: .now + .seconds(60))
    }

    @Test("A waiter past its deadline is refused")
    func aWaitThatIsTooLongIsRefused() async throws {
        let world = FakeServer()
        world.isDown = true
        let pool = pool(world)
        await #expect(throws: LeaseError<Never>.self) {
            try await pool.withConnection(deadline: .now + .milliseconds(20)) { _ throws(Never) in }
        }
        await pool.shutdown(deadline: .now + .seconds(60))
    }

    @Test("A cancelled task stops waiting")
    func aCancelledTaskWaitsNoLonger() async throws {
        let world = FakeServer()
        world.isDown = true
        let pool = pool(world)
        let task = Task {
            try await pool.withConnection(deadline: .now + .seconds(600)) { _ throws(Never) in }
        }
        // The pool tries to connect for somebody who waits.
        await world.attempted.reached(1)
        task.cancel()
        await #expect(throws: LeaseError<Never>.self) { try await task.value }
        await pool.shutdown(deadline: .now + .seconds(60))
    }

    @Test("Thousands of leases survive random failures within the bounds of the pool")
    func thousandsOfLeasesWithMishaps() async throws {
        let world = FakeServer()
        world.mishapRate = 50
        let pool = pool(world)
        let served = await withTaskGroup { group in
            for task in 0..<64 {
                group.addTask {
                    var served = 0
                    for _ in 0..<100 {
                        let result = try? await pool.withConnection(
                            deadline: .now + .seconds(60), share: .operator(Int64(task % 5))
                        ) { connection in connection.use() }
                        if result != nil { served += 1 }
                    }
                    return served
                }
            }
            return await group.reduce(0, +)
        }
        #expect(served == 6400)
        #expect(world.misuses == 0)
        #expect(world.openAtOnce <= 4)
        await pool.shutdown(deadline: .now + .seconds(60))
        #expect(world.openNow == 0)
        await #expect(throws: LeaseError<Never>.self) {
            try await pool.withConnection(deadline: .now + .seconds(60)) { _ throws(Never) in }
        }
    }

    @Test("Shutdown waits for a lease under way")
    func shutdownWaitsForALeaseThatIsUnderWay() async throws {
        let world = FakeServer()
        let pool = pool(world)
        let gate = ManualGate()
        async let value = pool.withConnection(deadline: .now + .seconds(60)) { connection in
            gate.enter()
            return connection.use()
        }
        await gate.entered.reached(1)
        async let end: Void = pool.shutdown(deadline: .now + .seconds(60))
        while (try? await pool.withConnection(deadline: .now + .seconds(60)) { _ throws(Never) in }) != nil {
            // It goes on until the shutdown has begun.
        }
        gate.open()
        #expect(try await value == 1)
        await end
        #expect(world.openNow == 0)
    }
}

/// What the pretended connections are connected to.
private final class FakeServer: Sendable {
    private struct State {
        var isDown = false
        var openNow = 0
        var openAtOnce = 0
        var misuses = 0
        var mishapRate = 0
        var generator = SeededGenerator(state: 4)
    }

    private let state = Mutex(State())

    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }
    /// One in so many things goes wrong; 0 for none.
    var mishapRate: Int {
        get { state.withLock { $0.mishapRate } }
        set { state.withLock { $0.mishapRate = newValue } }
    }
    /// Attempts to connect.
    let attempted = Milestone()
    var openNow: Int { state.withLock { $0.openNow } }
    var openAtOnce: Int { state.withLock { $0.openAtOnce } }
    var misuses: Int { state.withLock { $0.misuses } }

    func goesWrong() -> Bool {
        state.withLock { $0.mishapRate > 0 && Int.random(in: 0..<$0.mishapRate, using: &$0.generator) == 0 }
    }

    func open() throws -> FakeConnection {
        let failed = goesWrong()
        return try state.withLock { state in
            attempted.reach()
            if state.isDown || failed { throw Down() }
            state.openNow += 1
            state.openAtOnce = max(state.openAtOnce, state.openNow)
            return FakeConnection(world: self)
        }
    }

    func closed() { state.withLock { $0.openNow -= 1 } }
    func misused() { state.withLock { $0.misuses += 1 } }

    private struct Down: Error {}
}

/// A connection that notices when it is used on two threads, or after its end.
private final class FakeConnection: PooledConnection {
    private let world: FakeServer
    private let thread = pthread_self()
    private var isBroken = false
    private var isClosed = false
    private var uses = 0

    init(world: FakeServer) { self.world = world }

    func use() -> Int {
        if pthread_equal(thread, pthread_self()) == 0 || isClosed || isBroken { world.misused() }
        if world.goesWrong() { isBroken = true }
        uses += 1
        return uses
    }

    var isUsable: Bool {
        if pthread_equal(thread, pthread_self()) == 0 { world.misused() }
        if world.goesWrong() { isBroken = true }
        return !isBroken
    }

    func close() {
        if pthread_equal(thread, pthread_self()) == 0 || isClosed { world.misused() }
        isClosed = true
        world.closed()
    }
}

/// Holds a thread until it is opened.
private final class ManualGate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    let entered = Milestone()

    func enter() {
        entered.reach()
        semaphore.wait()
    }

    func open() { semaphore.signal() }
}

/// A count that can be waited for.
private final class Milestone: Sendable {
    private struct State {
        var count = 0
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Counts one more.
    func reach() {
        let reached = state.withLock { state in
            state.count += 1
            let count = state.count
            defer { state.waiting.removeAll { $0.count <= count } }
            return state.waiting.filter { $0.count <= count }
        }
        for waiting in reached { waiting.continuation.resume() }
    }

    /// Returns once the count is so high.
    func reached(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.count < count { state.waiting.append((count, continuation)) }
                return state.count >= count
            }
            if isReached { continuation.resume() }
        }
    }
}

/// A generator whose numbers are the same each time.
private struct SeededGenerator: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
