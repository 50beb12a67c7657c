package import Authentication
package import Charges
import LibPQ

extension AdministrationSession {
    /// Adds an operator.
    ///
    /// - Parameters:
    ///   - code: 1 to 64 visible ASCII characters, unlike every other operator's.
    ///   - currency: The operator's local currency, three capital letters.
    ///   - undecidedWindowSeconds: How long a charge may stay undecided before the policy acts; at least 1.
    package func addOperator(
        code: String, currency: String, undecidedPolicy: UndecidedPolicy, undecidedWindowSeconds: Int
    ) throws(AdministrationFailure) {
        guard AccountNameRule.isOperatorCode(code) else {
            throw AdministrationFailure("an operator's code must be 1 to 64 visible ASCII characters")
        }
        guard CurrencyCode.isValid(currency) else {
            throw AdministrationFailure("a currency must be three capital letters, such as EUR")
        }
        guard undecidedWindowSeconds > 0 else {
            throw AdministrationFailure("a window must be at least one second long")
        }
        let input = NewOperatorAccount(
            code: code, currency: currency, undecidedPolicy: undecidedPolicy,
            undecidedWindowSeconds: undecidedWindowSeconds)
        guard try !change(.addOperator, input, doing: "adding the operator").isEmpty else {
            throw AdministrationFailure("operator \(code) already exists")
        }
    }
}

extension Statement where Input == NewOperatorAccount, Row == OperatorIdentifier {
    static let addOperator = Statement(
        "add_operator",
        """
        INSERT INTO countersign.operator (code, currency, undecided_policy, undecided_window)
        VALUES (
            \(\.code), \(\.currency), \(\.undecidedPolicy),
            make_interval(secs => \(\.undecidedWindowSeconds)::bigint))
        ON CONFLICT (code) DO NOTHING
        RETURNING operator_id
        """)
}

/// An operator as the commands show it.
package struct OperatorOverview: Sendable {
    package let code: String
    package let currency: String
    package let undecidedPolicy: UndecidedPolicy
    package let undecidedWindowSeconds: Int
    /// The operator's error status policy; `nil` leaves it to the node's setting.
    package let errorStatusPolicy: ErrorStatusPolicy?
    package let repeatedDecisionsSucceed: Bool
    package let createdOn: Timestamp
    package let suspendedOn: Timestamp?
    /// The zone whose days end its statements.
    package let zone: String
    /// The number of its pending charges without a decision, if the operator was read by its code.
    package let undecidedCount: Int
    /// The first and the last moment at which the policy's window of such a charge ends; `nil` if there are none.
    package let firstDueOn: Timestamp?
    package let lastDueOn: Timestamp?
}

extension AdministrationSession {
    /// Reads all operators, by their codes. It does not count undecided charges: that takes a while where there are
    /// many.
    package func operators() throws(AdministrationFailure) -> [OperatorOverview] {
        try run(.operatorOverviews, nil, doing: "listing the operators")
    }

    /// Reads one operator, with the number of its undecided charges.
    package func operatorOverview(code: String) throws(AdministrationFailure) -> OperatorOverview {
        guard
            let overview = try run(.operatorOverviews, code, doing: "looking for the operator").first
        else { throw AdministrationFailure("operator \(code) does not exist") }
        return overview
    }

    /// Changes an operator. A change of the policy or of its window begins the windows of undecided charges anew.
    package func change(operator code: String, _ change: OperatorChange) throws(AdministrationFailure) {
        if let currency = change.currency, !CurrencyCode.isValid(currency) {
            throw AdministrationFailure("a currency must be three capital letters, such as EUR")
        }
        let changed = try self.change(
            .changeOperator, ChangedOperator(code: code, change: change), doing: "changing the operator")
        guard !changed.isEmpty else { throw AdministrationFailure("operator \(code) does not exist") }
        if let zone = change.zone {
            let input = ZoneChange(code: code, zone: zone)
            _ = try self.change(.changeZone, input, doing: "changing the zone")
        }
    }

    /// Suspends an operator, which revokes all its tokens; or ends the suspension, which makes none of them valid
    /// again.
    ///
    /// - Returns: Whether the suspension changed.
    package func setSuspension(operator code: String, _ isSuspended: Bool) throws(AdministrationFailure)
        -> Bool
    {
        let doing = isSuspended ? "suspending the operator" : "resuming the operator"
        let input = OperatorSuspension(code: code, isSuspended: isSuspended)
        if try !change(.setOperatorSuspension, input, doing: doing).isEmpty { return true }
        _ = try operatorIdentifier(code: code)
        return false
    }
}

extension Statement where Input == String?, Row == OperatorOverview {
    /// Reads operators. It counts windows as the policies do: from the charge's arrival, the last change of the policy
    /// or the end of the last suspension, whichever came last.
    static let operatorOverviews = Statement(
        "operator_overviews",
        """
        SELECT
            operator.code, operator.currency, operator.undecided_policy,
            extract(epoch FROM operator.undecided_window)::bigint, operator.error_http_status,
            operator.repeated_decision = 'success', operator.created_on, operator.suspended_on, operator.zone,
            undecided.count,
            greatest(undecided.first_arrival, operator.undecided_counts_from) + operator.undecided_window,
            greatest(undecided.last_arrival, operator.undecided_counts_from) + operator.undecided_window
        FROM countersign.operator
        CROSS JOIN LATERAL (
            SELECT count(*) AS count, min(greatest(received_on, imported_on)) AS first_arrival,
                max(greatest(received_on, imported_on)) AS last_arrival
            FROM countersign.charge
            WHERE \(\.self) IS NOT NULL AND charge.operator_id = operator.operator_id
                AND charge.charge_status = 'PENDING'
                AND charge.decision IS NULL AND charge.taken_on IS NULL
        ) AS undecided
        WHERE \(\.self) IS NULL OR operator.code = \(\.self)
        ORDER BY operator.code
        """,
        decode: { row throws(PostgresError) in
            let code = try row.next(String.self)
            let currency = try row.next(String.self)
            let policy = try row.next(UndecidedPolicy.self)
            let window = try row.next(Int.self)
            let errorStatus = try row.next(String?.self).flatMap(ErrorStatusPolicy.init(rawValue:))
            let repeatsSucceed = try row.next(Bool.self)
            let createdOn = try row.next(Timestamp.self)
            let suspendedOn = try row.next(Timestamp?.self)
            let zone = try row.next(String.self)
            let count = try row.next(Int.self)
            let firstDueOn = try row.next(Timestamp?.self)
            let lastDueOn = try row.next(Timestamp?.self)
            return OperatorOverview(
                code: code, currency: currency, undecidedPolicy: policy, undecidedWindowSeconds: window,
                errorStatusPolicy: errorStatus, repeatedDecisionsSucceed: repeatsSucceed,
                createdOn: createdOn, suspendedOn: suspendedOn, zone: zone, undecidedCount: count,
                firstDueOn: count > 0 ? firstDueOn : nil, lastDueOn: count > 0 ? lastDueOn : nil)
        })
}

/// An operator with the changes to it.
struct ChangedOperator: Sendable {
    let code: String
    let change: OperatorChange

    /// Whether the error status policy is changed; to `nil`, perhaps.
    fileprivate var changesErrorStatus: Bool { change.errorStatusPolicy != nil }
    fileprivate var errorStatusPolicy: ErrorStatusPolicy? { change.errorStatusPolicy ?? nil }
    fileprivate var repeatedDecision: String? {
        change.repeatedDecisionsSucceed.map { $0 ? "success" : "failure" }
    }
}

extension Statement where Input == ChangedOperator, Row == Bool {
    static let changeOperator = Statement(
        "change_operator",
        """
        UPDATE countersign.operator
        SET undecided_policy = coalesce(\(\.change.undecidedPolicy), undecided_policy),
            undecided_window = coalesce(
                make_interval(secs => \(\.change.undecidedWindowSeconds)::bigint), undecided_window),
            currency = coalesce(\(\.change.currency), currency),
            error_http_status = CASE
                WHEN \(\.changesErrorStatus) THEN \(\.errorStatusPolicy) ELSE error_http_status END,
            repeated_decision = coalesce(\(\.repeatedDecision), repeated_decision)
        WHERE code = \(\.code)
        RETURNING true
        """)
}

/// An operator with the suspension that it is to have.
struct OperatorSuspension: Sendable {
    let code: String
    let isSuspended: Bool
}

extension Statement where Input == OperatorSuspension, Row == Bool {
    static let setOperatorSuspension = Statement(
        "set_operator_suspension",
        """
        UPDATE countersign.operator
        SET suspended_on = CASE WHEN \(\.isSuspended) THEN clock_timestamp() END
        WHERE code = \(\.code) AND (suspended_on IS NOT NULL) <> \(\.isSuspended)
        RETURNING true
        """)
}

/// An operator with the zone that it is to have.
struct ZoneChange: Sendable {
    let code: String
    let zone: String
}

extension Statement where Input == ZoneChange, Row == Bool {
    static let changeZone = Statement(
        "change_zone", "SELECT countersign.change_zone(\(\.code), \(\.zone))")
}
