package import Authentication
import Charges
import LibPQ

extension AdministrationSession {
    /// Reads the last activity of an operator, or of all operators and the service itself, newest first.
    ///
    /// - Parameters:
    ///   - kind: The kind to read; `nil` for all.
    ///   - count: The maximum number of rows.
    /// - Returns: The activity, each with the operator's code; `nil` for what is the service's own.
    package func activity(operatorCode: String?, kind: ActivityKind?, count: Int)
        throws(AdministrationFailure) -> [(operatorCode: String?, activity: Activity)]
    {
        let purpose = "listing the activity"
        guard let operatorCode else {
            return try run(
                .allActivity, RecentActivity(kind: kind, before: nil, count: count), doing: purpose)
        }
        let input = ActivityListInput(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), kind: kind, before: nil,
            count: count)
        return try read(.activityList(of: kind), input, doing: purpose).map { (operatorCode, $0) }
    }
}

/// The last activity of all operators.
struct RecentActivity: Sendable {
    let kind: ActivityKind?
    let before: Int64?
    let count: Int
}

extension Statement where Input == RecentActivity, Row == (operatorCode: String?, activity: Activity) {
    static let allActivity = Statement(
        "all_activity",
        """
        SELECT operator.code, \(raw: Activity.columns)
        FROM countersign.activity
        LEFT JOIN countersign.operator USING (operator_id)
        WHERE (\(\.kind) IS NULL OR activity.kind = \(\.kind))
            AND activity.activity_number < coalesce(\(\.before)::bigint, \(raw: Int64.max))
        ORDER BY activity.activity_number DESC LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in
            (operatorCode: try row.next(), activity: try row.nextActivity())
        })

    /// The service's own: what no operator has.
    static let serviceActivity = Statement(
        "service_activity",
        """
        SELECT NULL::text, \(raw: Activity.columns)
        FROM countersign.activity
        WHERE activity.operator_id IS NULL AND (\(\.kind) IS NULL OR activity.kind = \(\.kind))
            AND activity.activity_number < coalesce(\(\.before)::bigint, \(raw: Int64.max))
        ORDER BY activity.activity_number DESC NULLS LAST LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in
            (operatorCode: try row.next(), activity: try row.nextActivity())
        })
}
