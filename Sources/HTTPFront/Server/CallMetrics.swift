import Charges
import HTTPTypes
import Telemetry

/// The calls' metrics. Their series are on the page before the first call, and those of most calls are kept, so that
/// they need not be looked up.
struct CallMetrics: Sendable {
    private let metrics: MetricsRecorder
    private var kept: [String: CallSeries] = [:]

    /// The series that most calls of a route add to.
    private struct CallSeries: Sendable {
        let underWay: MetricLevel
        let seconds: MetricTimer
        /// The calls that succeeded with the route's usual status, and their items.
        let succeeded: MetricCounter
        let status: Int
        let items: MetricCounter?
    }

    /// The calls of operators and of the provider whose items are counted.
    private static let operatorsItemCalls: Set = Set(
        ["accept", "decline", "acknowledge"].map { "netflix/charges/\($0)" })
    private static let providerItemCalls: Set = Set(
        ["charges", "charges/take", "charges/release", "charges/outcomes"].map { "provider/v1/\($0)" })
    /// The codes of the calls that do no more than read a page or a state.
    private static let pageCodes: [RequestFailure.Code] = [
        .methodNotAllowed, .serviceUnavailable, .internalError,
    ]
    private static let pages = Routes.probes.union(["docs", "openapi.json", Routes.root])
    /// The codes of requests that no route takes.
    private static let requestCodes: [RequestFailure.Code] = [
        .invalidParameter, .notFound, .requestTimeout, .requestTooLarge,
    ]

    /// Puts the series of every route on the page.
    init(_ metrics: MetricsRecorder, _ routes: Routes) {
        self.metrics = metrics
        for (name, isOperators) in routes.calls {
            let codes = Self.pages.contains(name) ? Self.pageCodes : RequestFailure.Code.allCases
            declare(name, codes, isOperators: isOperators)
            let hasOperatorsItems = Self.operatorsItemCalls.contains(name)
            let hasProvidersItems = Self.providerItemCalls.contains(name)
            if hasOperatorsItems {
                declareItems(name, ItemFailureCode.allCases.map(\.rawValue))
            }
            if hasProvidersItems {
                declareItems(name, ProviderFailureCode.allCases.map(\.rawValue))
            }
            let status = name == Routes.root ? 303 : 200
            kept[name] = CallSeries(
                underWay: metrics.level(.callsUnderWay, [name]), seconds: metrics.timer(.callSeconds, [name]),
                succeeded: metrics.counter(.calls, [name, "OK", "\(status)"]), status: status,
                items: hasOperatorsItems || hasProvidersItems ? metrics.counter(.items, [name, "OK"]) : nil)
        }
        for (name, transfer) in routes.fileCalls {
            metrics.declare(.calls, [name, "OK", transfer == .upload ? "202" : "304"])
        }
        metrics.declare(.callSeconds, ["none"])
        declare("none", Self.requestCodes, isOperators: true)
    }

    private func declare(_ name: String, _ codes: [RequestFailure.Code], isOperators: Bool) {
        for code in codes {
            metrics.declare(.calls, [name, code.rawValue, "\(code.httpStatus.code)"])
            if isOperators { metrics.declare(.calls, [name, code.rawValue, "200"]) }
        }
    }

    private func declareItems(_ name: String, _ codes: [String]) {
        for code in codes + ["OK"] { metrics.declare(.items, [name, code]) }
    }

    /// The number of calls of a route that are under way.
    func underWay(_ name: String) -> MetricLevel? { kept[name]?.underWay }

    /// Counts a call that was answered.
    func count(_ entry: AccessLogEntry) {
        let (name, response, series) = (entry.name, entry.response, kept[entry.name])
        if response.failure == nil, let series, entry.status.code == series.status {
            series.succeeded.add(1)
        } else {
            metrics.count(.calls, [name, response.code, String(entry.status.code)])
        }
        (series?.seconds ?? metrics.timer(.callSeconds, [name])).record(entry.duration)
        if let transfer = entry.transfer {
            metrics.count(.transfers, [transfer.direction.rawValue, transfer.result.rawValue])
            metrics.count(.transferBytes, [transfer.direction.rawValue], by: transfer.bytes)
        }
        for (code, count) in response.failedCodes ?? [:] {
            metrics.count(.items, [name, code], by: count)
        }
        if response.failure == nil, let itemCount = response.itemCount {
            let count = itemCount - entry.failedCount
            if let items = series?.items {
                items.add(count)
            } else {
                metrics.count(.items, [name, "OK"], by: count)
            }
        }
    }
}
