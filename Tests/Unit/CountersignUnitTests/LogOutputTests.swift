import Dispatch
import Synchronization
import Testing

@testable import countersign

/// Tests of the log's writer: it keeps the order, blocks no caller, and is bounded.
@Suite struct LogOutputTests {
    private final class FakeOutput: Sendable {
        let bytes = Mutex<[UInt8]>([])
        let isHeld: DispatchSemaphore?
        /// The bytes that the disk still has room for.
        let room: Mutex<Int>

        init(isHeld: DispatchSemaphore? = nil, room: Int = .max) {
            self.isHeld = isHeld
            self.room = Mutex(room)
        }

        func take(_ bytes: [UInt8]) -> Int {
            isHeld?.wait()
            isHeld?.signal()
            let count = room.withLock { room in
                let count = min(room, bytes.count)
                room -= count
                return count
            }
            self.bytes.withLock { $0 += bytes.prefix(count) }
            return count
        }

        var lines: [Substring] {
            String(decoding: bytes.withLock { $0 }, as: UTF8.self).split(separator: "\n")
        }
    }

    @Test("Log lines are written in order")
    func everyLineIsWrittenInItsOrder() {
        let written = FakeOutput()
        let output = LogOutput { written.take($0) }
        for number in 0..<10_000 { output.say(Array("\(number)".utf8)) }
        while !output.drain() {}
        #expect(written.lines.map { Int($0) } == Array(0..<10_000))
    }

    @Test("A blocked reader blocks no caller, and lost lines are reported")
    func aReaderThatReadsNothingHoldsNobodyUpAndLosesLinesWithAWord() {
        let gate = DispatchSemaphore(value: 0)
        let written = FakeOutput(isHeld: gate)
        let output = LogOutput { written.take($0) }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1023)
        let count = LogOutput.maximumBytes / 1024 * 3
        for _ in 0..<count { output.say(line) }
        gate.signal()
        while !output.drain() {}
        let lines = written.lines
        #expect(lines.count < count)
        #expect(lines.count > LogOutput.maximumBytes / 1024 - 2)
        #expect(lines.contains { $0.contains("log lines were lost") })
        output.say(Array("after".utf8))
        while !output.drain() {}
        #expect(written.lines.last == "after")
    }

    @Test("A line that a full disk cut is not joined by the next one, and lost lines are reported")
    func fullDisk() {
        let disk = FakeOutput(room: 8)
        let output = LogOutput { disk.take($0) }
        for line in ["first", "second", "third"] {
            output.say(Array(line.utf8))
            while !output.drain() {}
        }
        #expect(disk.lines == ["first", "se"])
        disk.room.withLock { $0 = .max }
        output.say(Array("fourth".utf8))
        while !output.drain() {}
        #expect(Array(disk.lines.prefix(3)) == ["first", "se", "fourth"])
        #expect(disk.lines.dropFirst(3).map { $0.contains("2 log lines were lost") } == [true])
    }
}
