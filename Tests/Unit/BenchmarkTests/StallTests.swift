import Benchmark
import Testing

/// Tests of how slow calls become stalls with names.
@Suite struct StallTests {
    private static func sample(
        _ moment: Double, _ sessions: [String] = [], beside serverProcesses: [String] = [], runnable: Int = 1
    ) -> ActivitySample {
        ActivitySample(
            moment: moment, sessions: sessions, serverProcesses: serverProcesses, runnableThreads: runnable)
    }

    @Test("Calls that are slow at the same time are one stall")
    func overlappingCallsAreOneStall() {
        let stalls = Stall.stalls(of: [
            SlowCall(due: 5, answered: 5.02), SlowCall(due: 1.01, answered: 1.05),
            SlowCall(due: 1, answered: 1.03),
        ])
        #expect(stalls.map(\.callCount) == [2, 1])
        #expect(stalls.map(\.began) == [1, 5])
        #expect(stalls.map(\.ended) == [1.05, 5.02])
        #expect(stalls.map { $0.longestMilliseconds.rounded() } == [40, 20])
        #expect(Stall.stalls(of: []).isEmpty)
    }

    @Test(
        "A stall has the name of the stage that took the time, and of what was waited for",
        arguments: [
            (
                [SlowBatch(waitingSeconds: 0.001, databaseSeconds: 0.03, committed: 1.03)], [],
                [sample(1.01, ["IO WALSync", "processor", "IO WALSync"]), sample(2, ["Lock tuple"])],
                "in the database: IO WALSync"
            ),
            (
                // The second batch waited for the first.
                [
                    SlowBatch(waitingSeconds: 0, databaseSeconds: 0.03, committed: 1.03),
                    SlowBatch(waitingSeconds: 0.03, databaseSeconds: 0.001, committed: 1.031),
                ], [LoggedCall(arrived: 1, answered: 1.035)],
                [sample(1.02, ["processor"], beside: ["checkpointer IO DataFileSync"], runnable: 5)],
                "in the database: processors busy, beside checkpointer IO DataFileSync"
            ),
            (
                [SlowBatch(waitingSeconds: 0.03, databaseSeconds: 0.001, committed: 1.031)], [],
                [sample(1.02, ["IO WALSync"], runnable: 9)], "before the database: processors busy"
            ),
            (
                // The batch took 6 of the call's 36 ms in the node.
                [SlowBatch(waitingSeconds: 0, databaseSeconds: 0.006, committed: 1.01)],
                [LoggedCall(arrived: 1.003, answered: 1.039)], [sample(1.01)],
                "in the node, outside of batches: processors not all busy"
            ),
            (
                [SlowBatch(waitingSeconds: 0, databaseSeconds: 0.006, committed: 1.036)],
                [LoggedCall(arrived: 1.03, answered: 1.037), LoggedCall(arrived: 2, answered: 2.04)],
                [sample(1.01)], "on the way to or from the node: processors not all busy"
            ),
            (
                [SlowBatch(waitingSeconds: 0, databaseSeconds: 0.03, committed: 0.9)], [], [],
                "on the way to or from the node: not sampled"
            ),
        ] as [([SlowBatch], [LoggedCall], [ActivitySample], String)])
    func stallsHaveNames(
        _ batches: [SlowBatch], _ calls: [LoggedCall], _ samples: [ActivitySample], _ name: String
    ) {
        let stall = Stall.stalls(of: [SlowCall(due: 1, answered: 1.04)])[0]
        #expect(stall.name(NodeLog(batches: batches, calls: calls), samples, processors: 2) == name)
    }

    @Test("The names with the most slow calls come first")
    func namesAreSorted() {
        let calls =
            [SlowCall(due: 1, answered: 1.02), SlowCall(due: 2, answered: 2.02)]
            + (0..<3).map { _ in SlowCall(due: 3, answered: 3.05) }
        let batches = [SlowBatch(waitingSeconds: 0, databaseSeconds: 0.05, committed: 3.05)]
        let samples = [Self.sample(1), Self.sample(2), Self.sample(3.02, ["LWLock WALWrite"])]
        #expect(
            Stall.lines(Stall.stalls(of: calls), NodeLog(batches: batches, calls: []), samples, processors: 2)
                == [
                    "in the database: LWLock WALWrite: 1 stalls, 3 calls, longest 50 ms",
                    "on the way to or from the node: processors not all busy: 2 stalls, 2 calls, longest 20 ms",
                ])
    }
}
