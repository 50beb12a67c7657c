import Synchronization

/// The counts of a run's calls, and the times at which they were answered OK.
final class RateMeter: Sendable {
    /// How many calls ended how.
    struct Counts: Sendable {
        var calls = 0
        var ok = 0
        /// Answered with the word that nothing was applied.
        var failed = 0
        var unknown = 0
    }

    private struct State {
        var counts = Counts()
        /// How many steady OKs there were in each tenth of a second.
        var bins: [Int] = []
        var lastOK: Double = 0
        var longestGap: Double = 0
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// The seconds since the run began.
    var now: Double {
        let passed = start.duration(to: .now).components
        return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    }

    /// How a call ended, for the counts.
    enum Outcome { case ok, failed, unknown }

    /// Counts a call.
    ///
    /// - Parameter isSteady: Whether the call is one of those that give the rate.
    func count(_ outcome: Outcome, isSteady: Bool) {
        let now = now
        state.withLock { state in
            state.counts.calls += 1
            switch outcome {
            case .failed: state.counts.failed += 1
            case .unknown: state.counts.unknown += 1
            case .ok:
                state.counts.ok += 1
                state.longestGap = max(state.longestGap, now - state.lastOK)
                state.lastOK = now
                guard isSteady else { return }
                let bin = Int(now * 10)
                while state.bins.count <= bin { state.bins.append(0) }
                state.bins[bin] += 1
            }
        }
    }

    var counts: Counts { state.withLock { $0.counts } }
    /// The longest time without an OK up to now, in seconds.
    var longestGap: Double { state.withLock { max($0.longestGap, now - $0.lastOK) } }

    /// The OKs a second between two times.
    func rate(from begin: Double, to end: Double) -> Double {
        let first = Int(begin * 10)
        let last = max(first + 1, Int(end * 10))
        return state.withLock { state in
            let sum = (first..<last).reduce(0) { $0 + ($1 < state.bins.count ? state.bins[$1] : 0) }
            return Double(sum) * 10 / Double(last - first)
        }
    }

    /// The seconds after a moment until two seconds together have 95 % of a rate. `nil` if there are none yet.
    func recovery(after moment: Double, to rate: Double) -> Double? {
        let now = now
        var begin = moment
        while begin + 2 <= now {
            if self.rate(from: begin, to: begin + 2) >= 0.95 * rate { return begin - moment }
            begin += 0.1
        }
        return nil
    }
}
