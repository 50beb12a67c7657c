import Charges
import Logging
import Scheduling
import Synchronization
import Telemetry

/// A bound on the decision files of an operator, by its name in the metric.
enum DecisionFileBound: String, CaseIterable, Sendable {
    /// The files that are neither done nor cancelled.
    case unfinished = "operator_unfinished_decision_files"
    /// The files that are kept.
    case kept = "operator_kept_decision_files"
    /// The rows and the bytes of one file.
    case size = "decision_file_size"

    fileprivate var warning: Logger.Message {
        switch self {
        case .unfinished: "an operator has the maximum of unfinished decision files; further ones are refused"
        case .kept: "an operator has the maximum of decision files; further ones are refused"
        case .size: "a decision file has more rows or bytes than the maximum; it is refused"
        }
    }
}

/// The report of the bounds that decision files meet: each time is counted, and the log says so at most once a minute for
/// each bound.
final class DecisionFileBoundReport: Sendable {
    private static let side = "operators"
    private let logger: Logger
    private let metrics: MetricsRecorder
    private let warnings = Mutex<[DecisionFileBound: WarningLimit]>([:])

    init(logger: Logger, metrics: MetricsRecorder) {
        self.logger = logger
        self.metrics = metrics
        for bound in DecisionFileBound.allCases { metrics.declare(.boundsMet, [Self.side, bound.rawValue]) }
    }

    /// Reports that an operator has met a bound.
    func met(_ bound: DecisionFileBound, _ operatorIdentifier: OperatorIdentifier) {
        metrics.count(.boundsMet, [Self.side, bound.rawValue])
        guard warnings.withLock({ $0[bound, default: WarningLimit()].admits(now: .now) }) else { return }
        logger.warning(bound.warning, metadata: ["operator_id": "\(operatorIdentifier.value)"])
    }
}
