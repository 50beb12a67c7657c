import Charges
import HTTPTypes
import Telemetry

/// The series of the calls' metrics, which are on the page before the first call.
struct CallMetrics {
    let metrics: MetricsRecorder

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
    func declare(_ routes: Routes) {
        for (name, isOperators) in routes.calls {
            metrics.declare(.callsUnderWay, [name])
            metrics.declare(.callSeconds, [name])
            metrics.declare(.calls, [name, "OK", name == Routes.root ? "303" : "200"])
            let codes = Self.pages.contains(name) ? Self.pageCodes : RequestFailure.Code.allCases
            declare(name, codes, isOperators: isOperators)
            if Self.operatorsItemCalls.contains(name) {
                declareItems(name, ItemFailureCode.allCases.map(\.rawValue))
            }
            if Self.providerItemCalls.contains(name) {
                declareItems(name, ProviderFailureCode.allCases.map(\.rawValue))
            }
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
}
