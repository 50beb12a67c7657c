import Charges
import Measurements

/// `GET /metrics`, for Prometheus.
struct MetricsController: Controller {
    let measurements: Measurements
    let gauges: any GaugeSource

    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData {
        // Whoever scrapes gives up after 10 s as a rule, and wants the rest even if a gauge cannot be read.
        let gauges = await gauges.gauges(deadline: min(call.deadline, .now + .seconds(2)))
        call.page = Page(type: "text/plain; version=0.0.4; charset=utf-8", text: measurements.page(gauges))
        return .object([])
    }
}
