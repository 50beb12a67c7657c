import Testing

@testable import HTTPFront

/// Tests of deadlines that pass, and of those that are cancelled before.
@Suite struct DeadlineTimerTests {
    @Test("A passed deadline fires once, and a later one does not")
    func aPassedDeadlineFiresOnce() async {
        let watch = DeadlineTimer()
        let (passed, continuation) = AsyncStream<String>.makeStream()
        _ = watch.watch(.now + .seconds(3600)) { continuation.yield("far") }
        _ = watch.watch(.now + .milliseconds(20)) { continuation.yield("near") }
        _ = watch.watch(.now) { continuation.yield("now") }
        _ = watch.watch(.now - .seconds(1)) { continuation.yield("past") }
        var told: Set<String> = []
        for await name in passed {
            let isNew = told.insert(name).inserted
            #expect(isNew)
            if told.count == 3 { break }
        }
        #expect(told == ["near", "now", "past"])
        #expect(watch.count == 1)
    }

    @Test("A cancelled deadline does not fire")
    func aCancelledDeadlineDoesNotFire() async {
        let watch = DeadlineTimer()
        let (passed, continuation) = AsyncStream<Int>.makeStream()
        for number in 0..<100 {
            let isForgotten = number.isMultiple(of: 2)
            // What is forgotten has time until then, however busy the machine is.
            let deadline = ContinuousClock.now + (isForgotten ? .seconds(60) : .milliseconds(10))
            let ticket = watch.watch(deadline) { continuation.yield(number) }
            if isForgotten { watch.forget(ticket) }
        }
        var told: [Int] = []
        for await number in passed {
            told.append(number)
            if told.count == 50 { break }
        }
        #expect(told.sorted() == Array(stride(from: 1, to: 100, by: 2)))
        #expect(watch.count == 0)
    }

    @Test("An earlier deadline that is added later fires first")
    func anEarlierDeadlineIsSeenThatComesLater() async {
        let watch = DeadlineTimer()
        let (passed, continuation) = AsyncStream<Int>.makeStream()
        for seconds in [7200, 3600, 0] {
            _ = watch.watch(.now + .seconds(seconds)) { continuation.yield(seconds) }
        }
        for await seconds in passed {
            #expect(seconds == 0)
            break
        }
    }
}
