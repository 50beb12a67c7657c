import Scheduling
import Testing

/// Tests of deadlines that pass, and of those that are forgotten before.
@Suite struct DeadlineTimerTests {
    @Test("Each deadline that has passed is reported once, and no other")
    func passing() async {
        let timer = DeadlineTimer()
        let (passed, continuation) = AsyncStream<String>.makeStream()
        timer.watch(.now + .seconds(3600)) { continuation.yield("far") }
        timer.watch(.now + .milliseconds(20)) { continuation.yield("near") }
        timer.watch(.now) { continuation.yield("now") }
        timer.watch(.now - .seconds(1)) { continuation.yield("past") }
        var names: Set<String> = []
        for await name in passed {
            let isNew = names.insert(name).inserted
            #expect(isNew)
            if names.count == 3 { break }
        }
        #expect(names == ["near", "now", "past"])
        #expect(timer.count == 1)
    }

    @Test("A deadline that is forgotten is not reported")
    func forgetting() async {
        let timer = DeadlineTimer()
        let (passed, continuation) = AsyncStream<Int>.makeStream()
        for number in 0..<100 {
            let isForgotten = number.isMultiple(of: 2)
            // What is forgotten has time until then, however busy the machine is.
            let deadline = ContinuousClock.now + (isForgotten ? .seconds(60) : .milliseconds(10))
            let ticket = timer.watch(deadline) { continuation.yield(number) }
            if isForgotten { timer.forget(ticket) }
        }
        var numbers: [Int] = []
        for await number in passed {
            numbers.append(number)
            if numbers.count == 50 { break }
        }
        #expect(numbers.sorted() == Array(stride(from: 1, to: 100, by: 2)))
        #expect(timer.count == 0)
    }

    @Test("An earlier deadline that comes later does not wait for the others")
    func earlierDeadline() async {
        let timer = DeadlineTimer()
        let (passed, continuation) = AsyncStream<Int>.makeStream()
        for seconds in [7200, 3600, 0] {
            timer.watch(.now + .seconds(seconds)) { continuation.yield(seconds) }
        }
        for await seconds in passed {
            #expect(seconds == 0)
            break
        }
    }

    @Test("A deadline beyond all counting neither passes nor fails")
    func distantDeadline() async {
        let timer = DeadlineTimer()
        let (passed, continuation) = AsyncStream<String>.makeStream()
        timer.watch(.now + .seconds(1_000_000_000_000)) { continuation.yield("far") }
        timer.watch(.now + .milliseconds(1)) { continuation.yield("near") }
        for await name in passed {
            #expect(name == "near")
            break
        }
        #expect(timer.count == 1)
    }
}
