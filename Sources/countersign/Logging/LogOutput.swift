import Dispatch
import Foundation
import Synchronization

/// The writer of the log. It writes to standard error on its own thread, so that no call waits for the log's reader.
///
/// Lines are buffered while the reader is slow, up to a limit. Beyond the limit lines are lost, and a line with their
/// number takes their place. So are lines lost that a full disk does not take; a line that it took half of is ended
/// before the next one. A process that is killed loses the lines of the last few milliseconds.
final class LogOutput: Sendable {
    static let standardError: LogOutput = {
        atexit { _ = LogOutput.standardError.drain() }
        return LogOutput { Terminal.write($0, to: STDERR_FILENO) }
    }()

    static let maximumBytes = 4 * 1024 * 1024
    /// The time for which lines are collected before they are written together.
    private static let batchMicroseconds: UInt32 = 5000
    /// The time for which the program's end waits for a reader that has stopped reading.
    private static let drainMilliseconds = 1000

    private struct State {
        var lines: [UInt8] = []
        var lostLines = 0
        var isWriting = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let write: @Sendable ([UInt8]) -> Int

    /// Starts the thread.
    ///
    /// - Parameter write: The closure that writes whole lines, and returns the number of bytes that it could write. It
    ///   may block.
    init(_ write: @escaping @Sendable ([UInt8]) -> Int) {
        self.write = write
        let thread = Thread { [self] in
            var isLineCut = false
            while true {
                available.wait()
                usleep(Self.batchMicroseconds)
                writeCollected(&isLineCut)
            }
        }
        thread.name = "log"
        thread.start()
    }

    /// Adds a line without waiting.
    ///
    /// - Parameter line: The line in UTF-8, without a line end.
    func say(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard state.lines.count + line.count < Self.maximumBytes else {
                state.lostLines += 1
                return false
            }
            state.lines.append(contentsOf: line)
            state.lines.append(UInt8(ascii: "\n"))
            guard !state.isWriting else { return false }
            state.isWriting = true
            return true
        }
        if isFirst { available.signal() }
    }

    /// - Parameter isLineCut: Whether the last line was written in part.
    private func writeCollected(_ isLineCut: inout Bool) {
        while true {
            let (lines, lostLines) = state.withLock { state in
                guard !state.lines.isEmpty else {
                    state.isWriting = false
                    return ([UInt8](), 0)
                }
                defer {
                    state.lines = []
                    state.lostLines = 0
                }
                return (state.lines, state.lostLines)
            }
            guard !lines.isEmpty else { return }
            var unwritten = writeLines(lines, &isLineCut)
            if lostLines + unwritten > 0 {
                let message = "\(lostLines + unwritten) log lines were lost"
                let report = Array("{\"level\":\"warning\",\"message\":\"\(message)\"}\n".utf8)
                unwritten = writeLines(report, &isLineCut) == 0 ? 0 : lostLines + unwritten
            }
            state.withLock { $0.lostLines += unwritten }
        }
    }

    /// Writes lines, in a new line if the last one was cut.
    ///
    /// - Returns: The number of lines that were not written, or not completely.
    private func writeLines(_ lines: [UInt8], _ isLineCut: inout Bool) -> Int {
        let end = UInt8(ascii: "\n")
        let start = isLineCut ? [end] : []
        let bytes = start + lines
        let written = write(bytes)
        if written > 0 { isLineCut = bytes[written - 1] != end }
        return bytes.dropFirst(max(written, start.count)).count { $0 == end }
    }

    /// Waits, up to a limit, until all lines have been written.
    ///
    /// - Returns: Whether all lines have been written.
    @discardableResult
    func drain() -> Bool {
        let deadline = ContinuousClock.now + .milliseconds(Self.drainMilliseconds)
        while state.withLock({ $0.isWriting }) {
            guard ContinuousClock.now < deadline else { return false }
            usleep(1000)
        }
        return true
    }
}
