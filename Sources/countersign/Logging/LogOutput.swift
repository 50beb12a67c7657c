import Dispatch
import Foundation
import Synchronization

/// Writes the log to standard error on a thread of its own, so that no call ever waits for whoever reads the log.
///
/// What is written while the reader is slow batches, up to a bound; beyond it lines are lost, and how many is said
/// in their place. A process that is killed loses the last few milliseconds.
final class LogOutput: Sendable {
    static let standardError: LogOutput = {
        atexit { _ = LogOutput.standardError.drain() }
        return LogOutput { Terminal.write($0, to: STDERR_FILENO) }
    }()

    static let maximumBytes = 4 * 1024 * 1024
    /// For so long lines batch before they are written together.
    private static let batchMicroseconds: UInt32 = 5000
    /// How long the program's end waits for a reader that reads no more.
    private static let drainMilliseconds = 1000

    private struct State {
        var lines: [UInt8] = []
        var lostLines = 0
        var isWriting = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: Writes whole lines; it may block.
    init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
        let thread = Thread { [self] in
            while true {
                available.wait()
                usleep(Self.batchMicroseconds)
                writeGathered()
            }
        }
        thread.name = "log"
        thread.start()
    }

    /// Adds a line. It never waits.
    ///
    /// - Parameter line: In UTF-8.
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

    private func writeGathered() {
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
                let message = "\(lostLines) lines of the log were lost"
                write(Array("{\"level\":\"warning\",\"message\":\"\(message)\"}\n".utf8))
            }
        }
    }

    /// Waits until all has been written, but not for ever.
    ///
    /// - Returns: Whether it has.
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
