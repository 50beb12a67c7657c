package import Authentication
package import Logging
import Scheduling
import Synchronization
package import Telemetry

/// A bound on what callers may have at a time, by its name in the metric.
package enum CallerBound: String, CaseIterable, Sendable {
    /// The connections of a listener.
    case connections
    /// The connections of one address.
    case addressConnections = "address_connections"
    /// The logins that wait for the comparison of a password.
    case logins
    /// The logins of one address that are under way.
    case addressLogins = "address_logins"
    /// The transfers that wait for their turn.
    case transfers
    /// The transfers of one operator, or of the provider, that wait for their turn.
    case operatorTransfers = "operator_transfers"

    fileprivate var warning: Logger.Message {
        switch self {
        case .connections:
            "a listener has the maximum of connections; a new one replaces one of the address that has most"
        case .addressConnections:
            "an address has the maximum of connections; a new one replaces one of its own"
        case .logins: "the maximum of logins waits; further ones are refused"
        case .addressLogins: "an address has the maximum of logins under way; further ones are refused"
        case .transfers: "the maximum of transfers waits; further ones are refused"
        case .operatorTransfers: "an operator has the maximum of transfers waiting; further ones are refused"
        }
    }
}

/// The report of the bounds that callers meet: each time is counted, and the log says so at most once a minute for each
/// bound.
package final class BoundReport: Sendable {
    private let side: String
    private let logger: Logger
    private let metrics: MetricsRecorder
    private let now: @Sendable () -> ContinuousClock.Instant
    private let warnings = Mutex<[CallerBound: WarningLimit]>([:])

    /// - Parameters:
    ///   - side: `operators` or `internal`.
    ///   - bounds: The bounds that are reported.
    package init(
        side: String, _ bounds: [CallerBound], logger: Logger, metrics: MetricsRecorder,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.side = side
        self.logger = logger
        self.metrics = metrics
        self.now = now
        for bound in bounds { metrics.declare(.boundsMet, [side, bound.rawValue]) }
    }

    /// Reports that a bound was met.
    ///
    /// - Parameter address: The address that has something closed or refused.
    package func met(_ bound: CallerBound, address: String) {
        metrics.count(.boundsMet, [side, bound.rawValue])
        let now = now()
        guard warnings.withLock({ $0[bound, default: WarningLimit()].admits(now: now) }) else { return }
        logger.warning(bound.warning, metadata: ["side": "\(side)", "address": "\(address)"])
    }

    /// Reports that a login met a bound.
    package func met(_ bound: LoginBound, address: String) {
        switch bound {
        case .total: met(.logins, address: address)
        case .address: met(.addressLogins, address: address)
        }
    }
}
