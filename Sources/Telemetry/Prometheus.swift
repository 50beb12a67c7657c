import Synchronization

/// The series of the metrics of `Metric`, for Prometheus to scrape.
final class PrometheusRegistry: Sendable {
    /// The maximum number of series of one metric, in case a label has more values than expected. Further ones are
    /// dropped.
    static let maximumSeriesPerMetric = 2000

    private let series = Mutex<[Metric: [[String]: PrometheusSeries]]>([:])

    /// The series of a metric, created if it is new.
    ///
    /// - Parameter values: The values of the metric's labels, in their order.
    /// - Returns: `nil` if the metric is of another kind, or has its maximum of series.
    func find(_ metric: Metric, _ values: [String], _ kind: Metric.Kind) -> PrometheusSeries? {
        guard metric.kind == kind else { return nil }
        return series.withLock { series in
            if let known = series[metric]?[values] { return known }
            guard series[metric, default: [:]].count < Self.maximumSeriesPerMetric else { return nil }
            let new = PrometheusSeries(bounds: metric.bounds)
            series[metric, default: [:]][values] = new
            return new
        }
    }

    /// The page: every metric in the order of `Metric`, with its series in the order of their label values. A metric
    /// without a series is listed by its name.
    func page() -> String {
        let series = series.withLock { $0 }
        var page = ""
        for metric in Metric.allCases {
            page += "# HELP \(metric.rawValue) \(metric.help)\n"
            page += "# TYPE \(metric.rawValue) \(metric.kind.rawValue)\n"
            let sorted = (series[metric] ?? [:]).sorted { $0.key.lexicographicallyPrecedes($1.key) }
            for (values, series) in sorted { page += lines(metric, values, series.current) }
        }
        return page
    }

    private func lines(_ metric: Metric, _ values: [String], _ state: PrometheusSeries.State) -> String {
        let name = metric.rawValue
        let labels = zip(metric.labels, values).map { "\($0)=\"\(Self.escaped($1))\"" }
        guard metric.kind == .histogram else {
            return "\(name)\(Self.braced(labels)) \(Self.number(state.value))\n"
        }
        var lines = ""
        var total: UInt64 = 0
        let bounds = metric.bounds.map(Self.number) + ["+Inf"]
        for (bound, count) in zip(bounds, state.buckets) {
            total += count
            lines += "\(name)_bucket\(Self.braced(labels + ["le=\"\(bound)\""])) \(total)\n"
        }
        lines += "\(name)_sum\(Self.braced(labels)) \(Self.number(state.value))\n"
        return lines + "\(name)_count\(Self.braced(labels)) \(total)\n"
    }

    private static func braced(_ labels: [String]) -> String {
        labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// One series of a metric: a value, or the counts of a histogram.
final class PrometheusSeries: Sendable {
    struct State: Sendable {
        /// The value of a counter or gauge, or the sum of a histogram.
        var value = 0.0
        /// The count of each bucket of a histogram alone. The last one has no upper bound.
        var buckets: [UInt64]
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// - Parameter bounds: The upper bounds of a histogram's buckets; none for another kind.
    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(buckets: bounds.isEmpty ? [] : Array(repeating: 0, count: bounds.count + 1)))
    }

    var current: State { state.withLock { $0 } }

    func add(_ amount: Int) { state.withLock { $0.value += Double(amount) } }

    func set(_ value: Double) { state.withLock { $0.value = value } }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.value += value
            if state.buckets.indices.contains(bucket) { state.buckets[bucket] += 1 }
        }
    }
}
