import CoreMetrics
import Synchronization

/// One series of a metric: a value, or the counts of a histogram.
final class PrometheusSeries: CounterHandler, MeterHandler, TimerHandler {
    /// The upper bounds of a histogram's buckets, in seconds; a call is answered within 10 s.
    static let boundsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    struct State: Sendable {
        /// A counter's or gauge's value, a histogram's sum in seconds.
        var value = 0.0
        /// How many fell into each bucket alone, the last one unbounded.
        var buckets: [UInt64]
    }

    private let state: Mutex<State>

    init(kind: Metric.Kind) {
        let count = kind == .histogram ? Self.boundsSeconds.count + 1 : 0
        state = Mutex(State(buckets: Array(repeating: 0, count: count)))
    }

    var current: State { state.withLock { $0 } }

    func increment(by amount: Int64) { state.withLock { $0.value += Double(amount) } }

    func increment(by amount: Double) { state.withLock { $0.value += amount } }

    func decrement(by amount: Double) { state.withLock { $0.value -= amount } }

    func reset() { state.withLock { $0.value = 0 } }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { state.withLock { $0.value = value } }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1_000_000_000
        let bucket = Self.boundsSeconds.firstIndex { seconds <= $0 } ?? Self.boundsSeconds.count
        state.withLock { state in
            state.value += seconds
            if state.buckets.indices.contains(bucket) { state.buckets[bucket] += 1 }
        }
    }
}
