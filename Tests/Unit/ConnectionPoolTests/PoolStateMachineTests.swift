import Scheduling
import Testing

@testable import ConnectionPool

/// Tests of the pool's state machine, event by event, on a manual clock.
@Suite struct PoolStateMachineTests {
    private let start = ContinuousClock.now

    private func machine(_ configure: (inout PoolConfiguration) -> Void = { _ in })
        -> PoolStateMachine
    {
        var configuration = PoolConfiguration()
        configuration.minimumConnections = 1
        configuration.maximumConnections = 2
        configuration.maximumWaiters = 3
        configuration.maximumWaitersPerShare = 2
        configure(&configuration)
        return PoolStateMachine(configuration, generator: SeededGenerator())
    }

    private func waiter(_ identifier: UInt64, share: QueueShare = .common, within: Duration = .seconds(10))
        -> Waiter
    {
        Waiter(identifier: identifier, share: share, deadline: start + within)
    }

    private func at(_ time: Duration) -> ContinuousClock.Instant { start + time }

    @Test("The minimum of connections is opened at the start")
    func theMinimumIsOpenedAtTheStart() {
        var machine = machine()
        #expect(machine.start(now: start) == [.open(slot: 0)])
        #expect(machine.opened(slot: 0, now: start) == [])
        #expect(machine.statistics == PoolStatistics(idle: 1, leased: 0, opening: 0, waiting: 0))
    }

    @Test("An idle connection is leased at once")
    func aFreeConnectionIsLentAtOnce() {
        var machine = machine()
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        #expect(machine.acquire(waiter(1), now: start) == [.run(waiter(1), slot: 0)])
        #expect(machine.leaseEnded(slot: 0, usable: true, now: start) == [])
        #expect(machine.statistics.idle == 1)
    }

    @Test("Waiters have further connections opened, up to the maximum")
    func whoWaitsHasAnotherConnectionOpenedUpToTheMaximum() {
        var machine = machine()
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1), now: start)
        #expect(machine.acquire(waiter(2), now: start) == [.open(slot: 1)])
        #expect(machine.acquire(waiter(3), now: start) == [])
        #expect(machine.opened(slot: 1, now: start) == [.run(waiter(2), slot: 1)])
        #expect(machine.leaseEnded(slot: 0, usable: true, now: start) == [.run(waiter(3), slot: 0)])
    }

    @Test("Shares take turns")
    func theSharesTakeTurns() {
        var machine = machine {
            $0.maximumConnections = 1; $0.maximumWaiters = 10; $0.maximumWaitersPerShare = 10
        }
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1), now: start)
        for identifier in 2...5 {
            _ = machine.acquire(waiter(UInt64(identifier), share: .operator(7)), now: start)
        }
        _ = machine.acquire(waiter(6, share: .operator(8)), now: start)
        var order: [UInt64] = []
        for _ in 0..<5 {
            for case .run(let next, _) in machine.leaseEnded(slot: 0, usable: true, now: start) {
                order.append(next.identifier)
            }
        }
        #expect(order == [2, 6, 3, 4, 5])
    }

    @Test("The queue is bounded in all and per share")
    func theQueueIsBoundedInAllAndPerShare() {
        var machine = machine()
        #expect(machine.acquire(waiter(1, share: .operator(1)), now: start) == [])
        #expect(machine.acquire(waiter(2, share: .operator(1)), now: start) == [])
        #expect(
            machine.acquire(waiter(3, share: .operator(1)), now: start) == [
                .refuse(waiter(3, share: .operator(1)), .shareExceeded)
            ]
        )
        #expect(machine.acquire(waiter(4, share: .operator(2)), now: start) == [])
        #expect(
            machine.acquire(waiter(5, share: .operator(3)), now: start) == [
                .refuse(waiter(5, share: .operator(3)), .queueFull)
            ])
    }

    @Test("A busy pool without a queue refuses at once")
    func withoutAQueueABusyPoolRefusesAtOnce() {
        var machine = machine {
            $0.maximumConnections = 1; $0.maximumWaiters = 0
        }
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1), now: start)
        #expect(machine.acquire(waiter(2), now: start) == [.refuse(waiter(2), .queueFull)])
    }

    @Test("A waiter past its deadline is refused at that moment")
    func whoWaitsTooLongIsRefusedThen() {
        var machine = machine()
        _ = machine.acquire(waiter(1, within: .seconds(2)), now: start)
        _ = machine.acquire(waiter(2, within: .seconds(1)), now: start)
        #expect(machine.nextTick == at(.seconds(1)))
        #expect(
            machine.tick(now: at(.seconds(1))) == [.refuse(waiter(2, within: .seconds(1)), .deadlinePassed)])
        #expect(machine.nextTick == at(.seconds(2)))
        #expect(
            machine.acquire(waiter(3, within: .zero), now: start) == [
                .refuse(waiter(3, within: .zero), .deadlinePassed)
            ])
    }

    @Test("A connection skips a waiter past its deadline")
    func aConnectionIsNotGivenToOneWhoseDeadlineHasPassed() {
        var machine = machine { $0.maximumConnections = 1 }
        _ = machine.start(now: start)
        _ = machine.acquire(waiter(1, within: .seconds(1)), now: start)
        _ = machine.acquire(waiter(2), now: start)
        #expect(
            machine.opened(slot: 0, now: at(.seconds(1))) == [
                .refuse(waiter(1, within: .seconds(1)), .deadlinePassed), .run(waiter(2), slot: 0),
            ])
    }

    @Test("A broken connection is closed and replaced")
    func aBrokenConnectionIsClosedAndReplaced() {
        var machine = machine()
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1), now: start)
        #expect(machine.leaseEnded(slot: 0, usable: false, now: start) == [.close(slot: 0, broken: true)])
        #expect(machine.closed(slot: 0, now: start) == [.open(slot: 0)])
    }

    @Test("A lease on a connection found broken gets the next one")
    func aLeaseOnAConnectionThatTurnsOutBrokenWaitsForTheNext() {
        var machine = machine { $0.maximumConnections = 1 }
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1), now: start)
        _ = machine.acquire(waiter(2), now: start)
        #expect(machine.leaseNotRun(waiter(1), slot: 0) == [.close(slot: 0, broken: true)])
        #expect(machine.closed(slot: 0, now: start) == [.open(slot: 0)])
        #expect(machine.opened(slot: 0, now: start) == [.run(waiter(1), slot: 0)])
    }

    @Test("A server that is down gets one attempt at a time, with growing pauses")
    func whileTheServerIsDownOneAttemptIsMadeAtATimeWithPausesThatGrow() {
        var machine = machine {
            $0.maximumConnections = 4; $0.firstBackOffMilliseconds = 100; $0.longestBackOffMilliseconds = 300
        }
        #expect(machine.start(now: start) == [.open(slot: 0)])
        var now = start
        for pause in [100, 200, 300, 300] {
            for slot in 0..<4 { #expect(machine.openFailed(slot: slot, now: now).isEmpty) }
            if now == start {
                for share in 1...3 {
                    #expect(
                        machine.acquire(waiter(UInt64(share), share: .operator(Int64(share))), now: now)
                            .isEmpty)
                }
            }
            guard let next = machine.nextTick else { return #expect(Bool(false), "no next attempt") }
            #expect(next <= now + .milliseconds(pause))
            now = now + .milliseconds(pause)
            let attempts = machine.tick(now: now)
            #expect(attempts.count == 1, "\(attempts)")
        }
        // Once one succeeds the rest follow.
        let actions = machine.opened(slot: 0, now: now)
        #expect(actions.contains(.run(waiter(1, share: .operator(1)), slot: 0)))
        #expect(actions.count { if case .open = $0 { true } else { false } } == 2)
    }

    @Test("Surplus idle connections are closed, and old ones are replaced")
    func surplusIdleConnectionsAreClosedAndOldOnesReplaced() {
        var machine = machine {
            $0.idleTimeoutSeconds = 60; $0.maximumAgeSeconds = 100
        }
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1, within: .seconds(999)), now: start)
        _ = machine.acquire(waiter(2, within: .seconds(999)), now: start)
        _ = machine.opened(slot: 1, now: start)
        _ = machine.leaseEnded(slot: 0, usable: true, now: start)
        _ = machine.leaseEnded(slot: 1, usable: true, now: start)
        let closed = machine.tick(now: at(.seconds(61)))
        #expect(closed == [.close(slot: 0, broken: false)])
        #expect(machine.closed(slot: 0, now: at(.seconds(61))) == [])
        #expect(machine.tick(now: at(.seconds(101))) == [.close(slot: 1, broken: false)])
        #expect(machine.closed(slot: 1, now: at(.seconds(101))) == [.open(slot: 0)])
    }

    @Test("A cancelled waiter leaves the queue")
    func aCancelledWaiterIsTakenOut() {
        var machine = machine()
        _ = machine.acquire(waiter(1), now: start)
        #expect(machine.cancel(1) == [.refuse(waiter(1), .cancelled)])
        #expect(machine.cancel(1) == [])
        #expect(machine.statistics.waiting == 0)
    }

    @Test("Shutdown refuses waiters and lets leases end")
    func theEndRefusesThoseWhoWaitAndLetsLeasesEnd() {
        var machine = machine()
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1), now: start)
        _ = machine.acquire(waiter(2), now: start)
        let actions = machine.shutdown(now: start, deadline: at(.seconds(5)))
        #expect(actions == [.refuse(waiter(2), .shutDown)])
        #expect(machine.acquire(waiter(3), now: start) == [.refuse(waiter(3), .shutDown)])
        #expect(machine.opened(slot: 1, now: start) == [.close(slot: 1, broken: false)])
        #expect(machine.closed(slot: 1, now: start) == [.stop(slot: 1)])
        #expect(machine.leaseEnded(slot: 0, usable: true, now: start) == [.close(slot: 0, broken: false)])
        #expect(machine.closed(slot: 0, now: start) == [.stop(slot: 0), .finished])
    }

    @Test("Shutdown finishes at its deadline, whatever is under way")
    func theEndComesAtItsDeadlineWhateverIsUnderWay() {
        var machine = machine()
        _ = machine.start(now: start)
        _ = machine.opened(slot: 0, now: start)
        _ = machine.acquire(waiter(1), now: start)
        _ = machine.shutdown(now: start, deadline: at(.seconds(5)))
        #expect(machine.nextTick == at(.seconds(5)))
        #expect(machine.tick(now: at(.seconds(5))) == [.finished])
        #expect(
            machine.leaseEnded(slot: 0, usable: true, now: at(.seconds(6))) == [
                .close(slot: 0, broken: false)
            ])
        #expect(machine.closed(slot: 0, now: at(.seconds(6))) == [.stop(slot: 0)])
    }
}

/// The same numbers in every run.
private struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
