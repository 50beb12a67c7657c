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

extension NodeLog {
    /// Reads what a node logged as slow.
    ///
    /// - Parameter lines: The log, in JSON. It has a line for every call; this parses those of slow calls alone.
    init(_ lines: [Substring]) {
        var batches: [SlowBatch] = []
        var calls: [LoggedCall] = []
        for line in lines {
            let isBatch = line.contains("\"a batch was slow\"")
            guard isBatch || Self.milliseconds(in: line) >= Self.slowMilliseconds,
                let fields = try? JSONReader.read(Array(line.utf8)),
                case .string(let text)? = fields["time"],
                let time = try? Date(
                    text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            else { continue }
            let moment = time.timeIntervalSince1970
            if isBatch, let waiting = Self.seconds("waiting_milliseconds", of: fields),
                let database = Self.seconds("database_milliseconds", of: fields)
            {
                batches.append(
                    SlowBatch(waitingSeconds: waiting, databaseSeconds: database, committed: moment))
            } else if let duration = Self.seconds("milliseconds", of: fields) {
                calls.append(LoggedCall(arrived: moment - duration, answered: moment))
            }
        }
        self.init(batches: batches, calls: calls)
    }

    /// The duration of a call's line; 0 for any other.
    private static func milliseconds(in line: Substring) -> Double {
        guard let name = line.range(of: "\"milliseconds\":") else { return 0 }
        return Double(line[name.upperBound...].prefix { $0.isNumber || $0 == "." }) ?? 0
    }

    private static func seconds(_ name: String, of fields: JSONValue) -> Double? {
        guard case .number(let milliseconds)? = fields[name] else { return nil }
        return Double(milliseconds).map { $0 / 1000 }
    }
}
