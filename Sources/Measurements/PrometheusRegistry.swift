import CoreMetrics
import Synchronization

/// A backend of swift-metrics that keeps the metrics of our list, and no others, for Prometheus to fetch.
final class PrometheusRegistry: MetricsFactory {
    /// A bound against a label whose values are not as few as they should be: what comes after it is not kept.
    static let maximumSeriesPerMetric = 2000

    private let series = Mutex<[Metric: [[String]: PrometheusSeries]]>([:])

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions, .counter) ?? NOOPMetricsHandler.instance
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions, .gauge) ?? NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions, .histogram) ?? NOOPMetricsHandler.instance
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func find(_ label: String, _ dimensions: [(String, String)], _ kind: Metric.Kind)
        -> PrometheusSeries?
    {
        Metric(rawValue: label).flatMap { find($0, dimensions.map(\.1), kind) }
    }

    /// - Parameter values: Of the metric's labels, in their order.
    func find(_ metric: Metric, _ values: [String], _ kind: Metric.Kind) -> PrometheusSeries? {
        guard metric.kind == kind else { return nil }
        return series.withLock { series in
            if let known = series[metric]?[values] { return known }
            guard series[metric, default: [:]].count < Self.maximumSeriesPerMetric else { return nil }
            let new = PrometheusSeries(kind: kind)
            series[metric, default: [:]][values] = new
            return new
        }
    }

    /// Every metric in the list's order, its series in the order of their labels. One that has no series yet is
    /// there by its name.
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
        let bounds = PrometheusSeries.boundsSeconds.map(Self.number) + ["+Inf"]
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
