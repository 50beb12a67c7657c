import Testing

@testable import Telemetry

/// Tests of Prometheus' text format, version 0.0.4.
@Suite struct PrometheusTests {
    @Test("Every metric has a HELP and a TYPE line")
    func everyMetricOfTheListIsThere() {
        let page = MetricsRecorder().page([])
        for metric in Metric.allCases {
            #expect(page.contains("# HELP \(metric.rawValue) \(metric.help)\n"))
            #expect(page.contains("# TYPE \(metric.rawValue) \(metric.kind.rawValue)\n"))
            #expect(metric.rawValue.hasSuffix("_total") == (metric.kind == .counter))
        }
        #expect(page.hasSuffix("\n"))
    }

    @Test("Counters add up")
    func countersAddUp() {
        let metrics = MetricsRecorder()
        metrics.count(.items, ["netflix/charges/accept", "OK"], by: 49)
        metrics.count(.items, ["netflix/charges/accept", "OK"])
        metrics.count(.items, ["netflix/charges/accept", "CHARGE_NOT_FOUND"], by: 0)
        let lines = metrics.page([]).split(separator: "\n").filter { $0.hasPrefix("countersign_items") }
        #expect(
            lines == ["countersign_items_total{call=\"netflix/charges/accept\",result=\"OK\"} 50"])
    }

    @Test("A histogram's buckets are cumulative")
    func aHistogramsBucketsAreCumulative() {
        let metrics = MetricsRecorder()
        for milliseconds in [1, 2, 250, 20_000] {
            metrics.record(.callSeconds, ["livez"], .milliseconds(milliseconds))
        }
        let page = metrics.page([])
        for line in [
            "_bucket{call=\"livez\",le=\"0.001\"} 1", "_bucket{call=\"livez\",le=\"0.0025\"} 2",
            "_bucket{call=\"livez\",le=\"0.25\"} 3", "_bucket{call=\"livez\",le=\"10\"} 3",
            "_bucket{call=\"livez\",le=\"+Inf\"} 4", "_sum{call=\"livez\"} 20.253",
            "_count{call=\"livez\"} 4",
        ] { #expect(page.contains("\ncountersign_call_seconds\(line)\n"), "\(line)") }
    }

    @Test("A gauge has the value of the latest page")
    func gaugesAreAsOfThePage() {
        let metrics = MetricsRecorder()
        _ = metrics.page([Gauge(.poolWaiting, ["store"], value: 7)])
        let page = metrics.page([Gauge(.poolWaiting, ["store"], value: 2)])
        #expect(page.contains("\ncountersign_pool_waiting{pool=\"store\"} 2\n"))
    }

    @Test("Labels are escaped")
    func labelsAreEscaped() {
        let metrics = MetricsRecorder()
        metrics.count(.databaseErrors, ["\"\\\n"])
        #expect(metrics.page([]).contains(#"countersign_database_errors_total{class="\"\\\n"} 1"#))
    }

    @Test("A series is of the kind that the list has for its metric")
    func kinds() {
        let registry = PrometheusRegistry()
        #expect(registry.find(.calls, ["livez", "OK", "200"], .gauge) == nil)
        #expect(registry.page().split(separator: "\n").allSatisfy { $0.hasPrefix("# ") })
    }

    @Test("The series of a metric are bounded")
    func bound() {
        let registry = PrometheusRegistry()
        for index in 0..<(PrometheusRegistry.maximumSeriesPerMetric + 10) {
            registry.find(.databaseErrors, ["\(index)"], .counter)?.increment(by: 1)
        }
        let lines = registry.page().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == PrometheusRegistry.maximumSeriesPerMetric)
    }
}
