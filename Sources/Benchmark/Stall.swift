/// A call that took long. Times are seconds since 1970.
package struct SlowCall: Equatable, Sendable {
    /// The time at which the call was due.
    package let due: Double
    /// The time at which it was answered.
    package let answered: Double

    package init(due: Double, answered: Double) {
        self.due = due
        self.answered = answered
    }

    /// The latency from which a call counts as slow.
    package static let milliseconds = 10.0
    /// The most slow calls that a load keeps.
    static let maximumCount = 100_000
}

/// A batch of decisions that the node logged as slow, from `arrived` to `committed`. Times are seconds since 1970.
package struct SlowBatch: Equatable, Sendable {
    /// The time for which its first call waited for it.
    let waitingSeconds: Double
    /// The time that the database took.
    let databaseSeconds: Double
    let committed: Double

    package init(waitingSeconds: Double, databaseSeconds: Double, committed: Double) {
        self.waitingSeconds = waitingSeconds
        self.databaseSeconds = databaseSeconds
        self.committed = committed
    }

    var sent: Double { committed - databaseSeconds }
    var arrived: Double { sent - waitingSeconds }
}

/// A call that the node logged as slow. Times are seconds since 1970.
package struct LoggedCall: Equatable, Sendable {
    let arrived: Double
    let answered: Double

    package init(arrived: Double, answered: Double) {
        self.arrived = arrived
        self.answered = answered
    }
}

/// What a node logged as slow.
package struct NodeLog: Equatable, Sendable {
    let batches: [SlowBatch]
    let calls: [LoggedCall]

    package init(batches: [SlowBatch], calls: [LoggedCall]) {
        self.batches = batches
        self.calls = calls
    }

    /// The latency from which a node's calls and batches count as slow: half of a slow call's own, since a slow call may
    /// be slow in two places.
    package static let slowMilliseconds = SlowCall.milliseconds / 2
}

/// What the database's sessions and the machine did at a moment.
package struct ActivitySample: Equatable, Sendable {
    /// The time within which a sample speaks for a moment: half the time between two samples.
    package static let nearSeconds = 0.01

    /// The time in seconds since 1970.
    let moment: Double
    /// What the sessions that ran a statement waited for, by PostgreSQL's names; `processor` where they waited for
    /// nothing.
    let sessions: [String]
    /// What the server's own processes waited for, with their names, the idle ones aside.
    let serverProcesses: [String]
    /// The number of threads of the machine that ran, or waited for a processor.
    let runnableThreads: Int

    package init(moment: Double, sessions: [String], serverProcesses: [String], runnableThreads: Int) {
        self.moment = moment
        self.sessions = sessions
        self.serverProcesses = serverProcesses
        self.runnableThreads = runnableThreads
    }
}

/// A stall: calls that took long at the same time.
package struct Stall: Equatable, Sendable {
    package private(set) var began: Double
    package private(set) var ended: Double
    package private(set) var callCount: Int
    /// The latency of its slowest call.
    package private(set) var longestMilliseconds: Double

    /// Groups slow calls whose times overlap.
    package static func stalls(of calls: [SlowCall]) -> [Stall] {
        var stalls: [Stall] = []
        for call in calls.sorted(by: { $0.due < $1.due }) {
            let milliseconds = (call.answered - call.due) * 1000
            if let last = stalls.indices.last, call.due <= stalls[last].ended {
                stalls[last].ended = max(stalls[last].ended, call.answered)
                stalls[last].callCount += 1
                stalls[last].longestMilliseconds = max(stalls[last].longestMilliseconds, milliseconds)
            } else {
                stalls.append(
                    Stall(
                        began: call.due, ended: call.answered, callCount: 1, longestMilliseconds: milliseconds
                    ))
            }
        }
        return stalls
    }

    /// The stage in which most of the stall's time passed, and what was waited for then.
    package func name(_ log: NodeLog, _ samples: [ActivitySample], processors: Int) -> String {
        let batches = log.batches.filter { $0.arrived <= ended && $0.committed >= began }
        let calls = log.calls.filter { $0.arrived <= ended && $0.answered >= began }
        let inBatches = batches.map { $0.committed - $0.arrived }.max() ?? 0
        let inNode = max(inBatches, calls.map { $0.answered - $0.arrived }.max() ?? 0)
        let onTheWay = longestMilliseconds / 1000 - inNode
        // The batch that took longest in the database held up those that waited for it.
        guard let slowest = batches.max(by: { $0.databaseSeconds < $1.databaseSeconds }),
            inBatches >= max(inNode - inBatches, onTheWay)
        else {
            let stage =
                onTheWay > inNode - inBatches
                ? "on the way to or from the node" : "in the node, outside of batches"
            return "\(stage): " + cause(samples, from: began, to: ended, processors, ofStatements: false)
        }
        let waiting = batches.map(\.waitingSeconds).max() ?? 0
        guard slowest.databaseSeconds * 2 >= min(waiting, ended - began) else {
            return "before the database: "
                + cause(samples, from: began, to: ended, processors, ofStatements: false)
        }
        return "in the database: "
            + cause(samples, from: slowest.sent, to: slowest.committed, processors, ofStatements: true)
    }

    /// What the samples of a time say about it: the most frequent wait of the sessions, or that the processors were
    /// busy.
    ///
    /// - Parameter ofStatements: Whether the waits of the database's sessions explain the time.
    private func cause(
        _ samples: [ActivitySample], from start: Double, to end: Double, _ processors: Int, ofStatements: Bool
    ) -> String {
        let within = samples.filter {
            $0.moment >= start - ActivitySample.nearSeconds && $0.moment <= end + ActivitySample.nearSeconds
        }
        guard !within.isEmpty else { return "not sampled" }
        var counts: [String: Int] = [:]
        if ofStatements {
            for wait in within.flatMap(\.sessions) { counts[wait, default: 0] += 1 }
        }
        let isBusy = within.map(\.runnableThreads).reduce(0, +) > within.count * processors
        var cause = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "processor"
        if cause == "processor" { cause = isBusy ? "processors busy" : "processors not all busy" }
        let others = Set(within.flatMap(\.serverProcesses)).sorted()
        return others.isEmpty ? cause : "\(cause), beside \(others.joined(separator: ", "))"
    }

    /// The stalls by name, the names of the most calls first: a line for each.
    package static func lines(
        _ stalls: [Stall], _ log: NodeLog, _ samples: [ActivitySample], processors: Int
    ) -> [String] {
        let groups = Dictionary(grouping: stalls) { $0.name(log, samples, processors: processors) }
        let sorted = groups.map { name, stalls in
            (name: name, stalls: stalls, calls: stalls.reduce(0) { $0 + $1.callCount })
        }.sorted { ($1.calls, $0.name) < ($0.calls, $1.name) }
        return sorted.map { name, stalls, calls in
            let longest = Int((stalls.map(\.longestMilliseconds).max() ?? 0).rounded())
            return "\(name): \(stalls.count) stalls, \(calls) calls, longest \(longest) ms"
        }
    }
}
