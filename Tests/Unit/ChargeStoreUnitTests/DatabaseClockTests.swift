import Charges
import InMemoryLogging
import LibPQ
import Logging
import Synchronization
import Testing

@testable import ChargeStore

/// Tests of the database's time on a node whose own clock is wrong, or is set.
@Suite struct DatabaseClockTests {
    /// Two clocks of a machine, both set by the test, and the lines that were logged.
    private final class Machine: Sendable {
        static let start = ContinuousClock.now
        /// 2026-11-23 07:00:00 UTC.
        static let databaseTime = Timestamp(secondsSince1970: 1_795_417_200)

        private let log = InMemoryLogHandler()
        let state = Mutex((passed: Duration.zero, offset: Duration.zero))

        var instant: ContinuousClock.Instant { Self.start + state.withLock { $0.passed } }
        var wallTime: Timestamp {
            state.withLock { Self.databaseTime.advanced(by: $0.passed + $0.offset) }
        }
        var warnings: Int { log.entries.count { $0.level == .warning } }

        func pass(_ duration: Duration) { state.withLock { $0.passed += duration } }
        func set(offset: Duration) { state.withLock { $0.offset = offset } }

        func clock() -> DatabaseClock {
            DatabaseClock(
                wallClock: { self.wallTime }, monotonicClock: { self.instant },
                logger: Logger(label: "test") { _ in self.log })
        }

        /// A correct reading of the database's clock, now.
        func reading(uncertainty: Duration = .zero, error: Duration = .zero) -> ServerClock {
            ServerClock(
                local: instant,
                server: Self.databaseTime.advanced(by: state.withLock { $0.passed } + error),
                uncertainty: uncertainty)
        }
    }

    @Test("The time is the database's, however wrong the node's clock is", arguments: [-3, 0, 3])
    func theTimeIsTheDatabases(hours: Int) {
        let machine = Machine()
        machine.set(offset: .seconds(3600 * hours))
        let clock = machine.clock()
        #expect(clock.now == nil && clock.offset == nil && clock.warning == nil)
        clock.record(machine.reading())
        #expect(clock.now == Machine.databaseTime)
        machine.pass(.seconds(5))
        #expect(clock.now == Machine.databaseTime.advanced(by: .seconds(5)))
        #expect(clock.offset == .seconds(3600 * hours))
        #expect((clock.warning != nil) == (hours != 0))
    }

    @Test("Setting the node's clock changes the offset alone")
    func aSteppedClockChangesNothing() {
        let machine = Machine()
        let clock = machine.clock()
        clock.record(machine.reading())
        machine.set(offset: .seconds(-86_400))
        #expect(clock.now == Machine.databaseTime)
        #expect(clock.offset == .seconds(-86_400))
        #expect(clock.warning?.contains("86400 s behind") == true)
    }

    @Test("Only an offset of more than two seconds is reported")
    func aSmallOffsetIsNotReported() {
        let machine = Machine()
        let clock = machine.clock()
        for (offset, isReported) in [(2000, false), (2001, true), (-2000, false), (-2001, true)] {
            machine.set(offset: .milliseconds(offset))
            clock.record(machine.reading())
            #expect((clock.warning != nil) == isReported, "\(offset)")
        }
    }

    @Test("A wrong clock is logged at most once a minute")
    func aWrongClockIsLoggedOnceAMinute() {
        let machine = Machine()
        machine.set(offset: .seconds(3))
        let clock = machine.clock()
        for _ in 0..<8 {
            clock.record(machine.reading())
            machine.pass(.seconds(20))
        }
        #expect(machine.warnings == 3)
    }

    /// A node that stood still between the server's answer and its reading would take an old time for the present.
    @Test("A reading that took more than a second is dropped")
    func aSlowReadingIsDropped() {
        let machine = Machine()
        let clock = machine.clock()
        clock.record(machine.reading())
        clock.record(machine.reading(uncertainty: .milliseconds(1001), error: .seconds(-3600)))
        #expect(clock.now == Machine.databaseTime)
        clock.record(machine.reading(uncertainty: .seconds(1), error: .seconds(-1)))
        #expect(clock.now == Machine.databaseTime.advanced(by: .seconds(-1)))
    }

    @Test("A failover forgets the old server's clock")
    func aFailoverForgetsTheOldServersClock() {
        let clock = Machine().clock()
        let cluster = Cluster(ConnectionParameters(), maximumConnections: 1, databaseClock: clock)
        #expect(cluster.recordPrimary(ServerIdentity(systemIdentifier: 1, timeline: 1), server: 0) == nil)
        cluster.recordClock(ServerClock(local: .now, server: Machine.databaseTime))
        #expect(cluster.recordPrimary(ServerIdentity(systemIdentifier: 1, timeline: 1), server: 0) == nil)
        #expect(clock.now != nil)
        #expect(cluster.recordPrimary(ServerIdentity(systemIdentifier: 1, timeline: 2), server: 1) == nil)
        #expect(clock.now == nil)
    }
}
