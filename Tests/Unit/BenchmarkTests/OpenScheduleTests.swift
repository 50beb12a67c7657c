import NIOCore
import Testing

@testable import Benchmark

/// Tests of the times at which the calls of an open load are due.
@Suite struct OpenScheduleTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func milliseconds(_ value: Int64) -> NIODeadline { start + .milliseconds(value) }

    @Test("Calls are evenly spaced")
    func callsAreEvenlySpaced() {
        var schedule = OpenSchedule(callsPerSecond: 100, from: start)
        #expect(schedule.take(dueBy: start) == start)
        #expect(schedule.take(dueBy: milliseconds(9)) == nil)
        #expect(schedule.next == milliseconds(10))
        #expect(schedule.take(dueBy: milliseconds(10)) == milliseconds(10))
    }

    /// After a stall everything that was due meanwhile is due still, each call since its own time.
    @Test("A stall counts against every call that it delayed")
    func aStallIsCountedAgainstEveryCallThatItHeldUp() throws {
        var schedule = OpenSchedule(callsPerSecond: 100, from: start)
        var latencies = Latencies()
        let stallEnds = milliseconds(990)
        while let due = schedule.take(dueBy: stallEnds) {
            latencies.record(nanoseconds: (stallEnds - due).nanoseconds)
        }
        #expect(latencies.count == 100)
        #expect(abs(try #require(latencies.milliseconds(percentile: 50)) - 495) < 10)
        #expect(abs(try #require(latencies.maximumMilliseconds) - 990) < 2)
    }

    @Test("An odd rate accumulates no rounding error")
    func anOddRateKeepsItsPace() {
        var schedule = OpenSchedule(callsPerSecond: 3, from: start)
        for _ in 0..<3000 { _ = schedule.take(dueBy: .distantFuture) }
        #expect(schedule.next == start + .seconds(1000))
    }
}
