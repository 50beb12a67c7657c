import Glibc
import Synchronization

/// The journal of a run, as it is written. Any number of tasks may use it.
///
/// Each record is one `write` to a file opened for appending. What it has written survives the end of the process,
/// however that comes about; it does not survive the machine's. The time of a record is taken under the writer's lock,
/// so the lines are in the order of their times. A call's time is before it is sent, an answer's after it came: the
/// interval of a call in the journal is never shorter than it was.
package final class JournalWriter: Sendable {
    private struct State: ~Copyable {
        let descriptor: CInt
        let start: Nanoseconds
        var nextCall: CallID = 1
        var line = LineWriter()

        deinit { close(descriptor) }
    }

    private let state: Mutex<State>

    /// Creates the file, in the place of one that is there.
    package init(path: String) throws(JournalError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw JournalError("cannot create \(path)", errno: errno) }
        state = Mutex(State(descriptor: descriptor, start: Self.monotonicTime()))
    }

    /// Records a call that is about to be sent. Returns its number, for `answered`.
    package func sending(_ call: Call) throws(JournalError) -> CallID {
        try append { id, time in .call(id, at: time, call) }
    }

    /// Records that a proxy is about to send a call once more.
    package func resending(_ id: CallID) throws(JournalError) {
        _ = try append { _, time in .resent(id, at: time) }
    }

    /// Records the end of a call.
    package func answered(_ id: CallID, _ answer: Answer) throws(JournalError) {
        _ = try append { _, time in .answer(id, at: time, answer) }
    }

    /// Records the beginning or the end of a fault.
    package func fault(_ fault: Fault) throws(JournalError) {
        _ = try append { _, time in .fault(fault, at: time) }
    }

    /// Records the end of the final read.
    package func finalEnd() throws(JournalError) {
        _ = try append { _, time in .finalEnd(at: time) }
    }

    /// Writes a record that has no time, or that has been given one.
    package func append(_ record: JournalRecord) throws(JournalError) {
        _ = try append { _, _ in record }
    }

    /// The time since the journal began.
    package var now: Nanoseconds {
        state.withLock { Self.monotonicTime() - $0.start }
    }

    private func append(_ record: (CallID, Nanoseconds) -> JournalRecord) throws(JournalError) -> CallID {
        try state.withLock { state throws(JournalError) in
            let id = state.nextCall
            let record = record(id, Self.monotonicTime() - state.start)
            if case .call = record { state.nextCall += 1 }
            state.line.removeAll()
            record.write(to: &state.line)
            try Self.write(state.line.bytes, to: state.descriptor)
            return id
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) throws(JournalError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw JournalError("cannot write the journal", errno: errno)
            }
        }
    }

    private static func monotonicTime() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Nanoseconds(time.tv_sec) * 1_000_000_000 + Nanoseconds(time.tv_nsec)
    }
}

/// Why the journal cannot be written or read.
package struct JournalError: Error, CustomStringConvertible {
    package let description: String

    init(_ text: String, errno code: CInt) {
        description = "\(text): \(String(cString: strerror(code)))"
    }

    init(_ text: String) {
        description = text
    }
}
