import Charges
import Telemetry

/// `GET /livez`: the process answers.
struct LivenessController: Controller {
    func respond(to request: RequestContext) async throws(RequestFailure) -> Response { Response(.nothing) }
}

/// `GET /readyz`: the node can take calls. The description warns of a clock that is wrong.
struct ReadinessController: Controller {
    let readiness: any Readiness

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        guard await readiness.isReady() else {
            let warning = readiness.warning.map { " " + $0 } ?? ""
            throw RequestFailure(
                .serviceUnavailable, "The node is stopping or has no usable database.\(warning)",
                retryAfterSeconds: 1)
        }
        var response = Response(.nothing)
        response.description = readiness.warning ?? ""
        return response
    }
}

/// `GET /metrics`, for Prometheus.
struct MetricsController: Controller {
    let metrics: MetricsRecorder
    let gauges: any GaugeSource

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        // A scraper usually gives up after 10 s, and needs the other metrics even if a gauge cannot be read.
        let gauges = await gauges.gauges(deadline: min(request.deadline, .now + .seconds(2)))
        return Response(
            RawResponse(type: "text/plain; version=0.0.4; charset=utf-8", text: metrics.page(gauges)))
    }
}
