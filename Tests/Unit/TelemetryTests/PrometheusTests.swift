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
        _ = metrics.page([Gauge(.poolWaiting, ["store", "common"], value: 7)])
        let page = metrics.page([Gauge(.poolWaiting, ["store", "common"], value: 2)])
        #expect(page.contains("\ncountersign_pool_waiting{pool=\"store\",kind=\"common\"} 2\n"))
    }

    @Test("A level goes up and down, and a histogram of numbers has its own buckets")
    func levelsAndNumbers() {
        let metrics = MetricsRecorder()
        let level = metrics.level(.callsUnderWay, ["livez"])
        for amount in [1, 1, -1] { level.add(amount) }
        metrics.record(.batchItems, [], number: 150)
        let page = metrics.page([])
        #expect(page.contains("\ncountersign_calls_under_way{call=\"livez\"} 1\n"))
        #expect(page.contains("\ncountersign_batch_items_bucket{le=\"100\"} 0\n"))
        #expect(page.contains("\ncountersign_batch_items_bucket{le=\"150\"} 1\n"))
        #expect(page.contains("\ncountersign_batch_items_sum 150\n"))
    }

    @Test("Series whose labels are known are on the page from the start, with 0")
    func seriesFromTheStart() {
        let page = MetricsRecorder().page([])
        for line in [
            "countersign_unknown_outcomes_total{resolution=\"unresolved\"} 0",
            "countersign_batch_lock_timeouts_total 0", "countersign_feed_lag_seconds 0",
            "countersign_batch_seconds_count{path=\"fast\"} 0", "countersign_database_up 0",
        ] { #expect(page.contains("\n\(line)\n"), "\(line)") }
    }

    @Test("The process' gauges are read from the system")
    func process() async {
        let gauges = await ProcessGauges().gauges(deadline: .now + .seconds(60))
        #expect(
            Set(gauges.map(\.metric)) == Set(Metric.allCases.filter { $0.rawValue.hasPrefix("process_") }))
        for gauge in gauges { #expect(gauge.value > 0, "\(gauge.metric)") }
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
            registry.find(.databaseErrors, ["\(index)"], .counter)?.add(1)
        }
        let lines = registry.page().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == PrometheusRegistry.maximumSeriesPerMetric)
    }
}
