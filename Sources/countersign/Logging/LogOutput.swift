import Dispatch
import Foundation
import Synchronization

/// The writer of the log. It writes to standard error on its own thread, so that no call waits for the log's reader.
///
/// Lines are buffered while the reader is slow, up to a limit. Beyond the limit lines are lost, and a line with their
/// number takes their place. A process that is killed loses the lines of the last few milliseconds.
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
    private let write: @Sendable ([UInt8]) -> Void

    /// Starts the thread.
    ///
    /// - Parameter write: The closure that writes whole lines. It may block.
    init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
        let thread = Thread { [self] in
            while true {
                available.wait()
                usleep(Self.batchMicroseconds)
                writeCollected()
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

    private func writeCollected() {
        while true {
            let (lines, lostLines) = state.withLock { state in
                defer {
                    state.lines = []
                    state.lostLines = 0
                }
                if state.lines.isEmpty { state.isWriting = false }
                return (state.lines, state.lostLines)
            }
            guard !lines.isEmpty else { return }
            write(lines)
            if lostLines > 0 {
                let message = "\(lostLines) log lines were lost"
                write(Array("{\"level\":\"warning\",\"message\":\"\(message)\"}\n".utf8))
            }
        }
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
