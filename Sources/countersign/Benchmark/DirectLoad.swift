import Benchmark
import Charges
import Synchronization

/// Decisions without HTTP: the repository is asked in this process by so many callers at a time, each of whom asks
/// again when he has the answer.
final class DirectLoad: Load {
    private struct State {
        var result = LoadResult()
        var isMeasured = false
        var isEnded = false
    }

    private let decisions: any DecisionRepository
    private let series: DecisionSeries
    private let identifiers: [OperatorIdentifier]
    private let callers: Int
    private let tag: String
    private let state = Mutex(State())
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// - Parameter identifiers: Of the series' operators, in order.
    init(
        _ decisions: any DecisionRepository, series: DecisionSeries, identifiers: [OperatorIdentifier],
        callers: Int, tag: String
    ) {
        self.decisions = decisions
        self.series = series
        self.identifiers = identifiers
        self.callers = callers
        self.tag = tag
    }

    func start() {
        tasks.withLock { tasks in
            tasks = (0..<callers).map { _ in
                Task.detached { [self] in
                    while !state.withLock({ $0.isEnded }) { await call() }
                }
            }
        }
    }

    func beginWindow() {
        state.withLock { $0.isMeasured = true }
    }

    func endWindow() {
        state.withLock { $0.isMeasured = false }
    }

    func finish(patience: Duration) -> LoadResult {
        state.withLock { $0.isEnded = true }
        let tasks = tasks.withLock { $0 }
        // Every call has a deadline of its own, so they all end.
        Blocking.wait { for task in tasks { await task.value } }
        return state.withLock { $0.result }
    }

    private func call() async {
        let call = series.next()
        let begun = ContinuousClock.now
        let one = call.operatorIndex
        var response = Response(status: 200, code: "OK", failures: [])
        do {
            let outcomes = try await decisions.decide(
                DecisionCall(
                    operatorIdentifier: identifiers[one], operatorCode: series.operators[one].code,
                    username: "bench", action: call.isAccepting ? .accept : .decline,
                    items: call.items.map { $0.decisionItem(tag: tag) }, deadline: .now + .seconds(10)))
            let failures = outcomes.compactMap { outcome in
                if case .failed(let failure) = outcome { failure.code.rawValue } else { nil }
            }
            response = Response(status: 200, code: "OK", failures: failures)
        } catch {
            response = Response(status: 503, code: error.code.rawValue, failures: [])
        }
        let passed = (ContinuousClock.now - begun).components
        state.withLock { state in
            state.result.whole.add(response, to: call.shape)
            guard state.isMeasured else { return }
            state.result.window.add(response, to: call.shape)
            state.result.latencies.record(
                nanoseconds: passed.seconds * 1_000_000_000 + passed.attoseconds / 1_000_000_000)
        }
    }
}

extension BenchmarkItem {
    fileprivate func decisionItem(tag: String) -> DecisionItem {
        let name = BenchmarkNames.number(number)
        return DecisionItem(
            number: ExactText(isKnown ? name : "X" + name.dropFirst()),
            billingSystemCustomerIdentifier: ExactText(BenchmarkNames.customer(customer)),
            referenceNumber: ExactText(BenchmarkNames.reference(reference, tag: tag)))
    }
}
