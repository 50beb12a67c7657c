import ChargeStore
import Measurements

/// Says on the page of metrics whose page it is.
struct NodeGauge: GaugeSource {
    let name: String

    func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        [Gauge(.node, [name, String(Build.number)], value: 1)]
    }
}
