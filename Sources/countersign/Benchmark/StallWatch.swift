import Benchmark
import ChargeStore
import Foundation
import Glibc
import StrictJSON
import Synchronization

/// A watch over what the database and the machine do during a run, on a thread of its own, so that the run's stalls get
/// names. Its own work takes a few hundredths of a processor.
final class StallWatch: Sendable {
    private let samples = Mutex<[ActivitySample]>([])
    private let isEnding = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// Begins to watch. A database that cannot be reached gives no samples.
    ///
    /// - Parameter database: The connection string of the database's owner.
    init(database: String) {
        let thread = Thread { [self] in
            watch(database)
            hasEnded.signal()
        }
        thread.name = "stall-watch"
        thread.start()
    }

    /// Takes samples until the watch ends. A session belongs to the thread that opened it.
    private func watch(_ database: String) {
        let name = "countersign bench"
        guard let session = try? AdministrationSession(database: database, applicationName: name) else {
            return
        }
        defer { session.close() }
        while !isEnding.load(ordering: .relaxed) {
            if let activity = try? session.databaseActivity() {
                let sample = ActivitySample(
                    moment: Date().timeIntervalSince1970,
                    sessions: activity.filter(\.isSession).map(\.wait),
                    serverProcesses: activity.filter { !$0.isSession }.map { "\($0.processType) \($0.wait)" },
                    // This thread runs as well.
                    runnableThreads: ProcessTree.runnableThreads - 1)
                samples.withLock { $0.append(sample) }
            }
            Thread.sleep(forTimeInterval: 2 * ActivitySample.nearSeconds)
        }
    }

    /// Ends the watch.
    ///
    /// - Returns: The samples that were taken.
    func end() -> [ActivitySample] {
        isEnding.store(true, ordering: .relaxed)
        hasEnded.wait()
        return samples.withLock { $0 }
    }
}

extension SlowBatch {
    /// Reads the batches that a node logged as slow.
    ///
    /// - Parameter lines: The log, in JSON.
    static func all(in lines: [Substring]) -> [SlowBatch] {
        lines.filter { $0.contains("\"a batch was slow\"") }.compactMap { line in
            guard let fields = try? JSONReader.read(Array(line.utf8)),
                case .string(let time)? = fields["time"],
                case .number(let waiting)? = fields["waiting_milliseconds"],
                case .number(let database)? = fields["database_milliseconds"],
                let committed = try? Date(
                    time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
                let waiting = Double(waiting), let database = Double(database)
            else { return nil }
            return SlowBatch(
                waitingSeconds: waiting / 1000, databaseSeconds: database / 1000,
                committed: committed.timeIntervalSince1970)
        }
    }
}
