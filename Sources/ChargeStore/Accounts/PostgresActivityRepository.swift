package import Authentication
package import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// The activity repository on PostgreSQL.
package struct PostgresActivityRepository: ActivityRepository {
    let pool: ConnectionPool<StoreConnection>
    let reader: QueryRunner
    let logger: Logger

    package func page(_ query: ActivityQuery) async throws(RequestFailure) -> ActivityPage {
        let input = ActivityListInput(
            operatorIdentifier: query.operatorIdentifier, kind: query.kind, before: query.before,
            count: query.count + 1)
        let rows = try await reader.operatorRows(
            .activityList(of: query.kind), input, deadline: query.deadline,
            share: .operator(query.operatorIdentifier.value))
        let page = Array(rows.prefix(query.count))
        return ActivityPage(activities: page, next: rows.count > query.count ? page.last?.number : nil)
    }

    package func record(_ signIn: SignIn, deadline: ContinuousClock.Instant) async throws(RequestFailure) {
        _ = try await pool.change(
            .recordSignIn, signIn, doing: "recording a sign-in", deadline: deadline, logger: logger)
    }
}

/// The input of a list of one operator's activity.
struct ActivityListInput: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let kind: ActivityKind?
    let before: Int64?
    let count: Int
}

extension Statement where Input == ActivityListInput, Row == Activity {
    /// Reads activity, newest first: of every kind, or of the input's. Each has an index of its own, and an order that no
    /// other index has.
    static func activityList(of kind: ActivityKind?) -> Statement { kind == nil ? activity : activityOfKind }

    static let activity = Statement(
        "activity",
        """
        SELECT \(raw: Activity.columns)
        FROM countersign.activity
        WHERE activity.operator_id = \(\.operatorIdentifier)
            AND activity.activity_number < coalesce(\(\.before)::bigint, \(raw: Int64.max))
        ORDER BY activity.activity_number DESC NULLS LAST LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in try row.nextActivity() })

    static let activityOfKind = Statement(
        "activity_of_kind",
        """
        SELECT \(raw: Activity.columns)
        FROM countersign.activity
        WHERE activity.operator_id = \(\.operatorIdentifier) AND activity.kind = \(\.kind)
            AND activity.activity_number < coalesce(\(\.before)::bigint, \(raw: Int64.max))
        ORDER BY activity.activity_number DESC NULLS LAST LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in try row.nextActivity() })
}

extension Activity {
    /// The columns that `nextActivity` reads.
    static let columns = """
        activity.activity_number, activity.made_on, activity.kind, activity.channel, activity.actor,
        activity.subject, activity.address, activity.old_value, activity.new_value, activity.count
        """
}

extension RowReader {
    mutating func nextActivity() throws(PostgresError) -> Activity {
        Activity(
            number: try next(), madeOn: try next(), kind: try next(), channel: try next(), actor: try next(),
            subject: try next(), address: try next(), oldValue: try next(), newValue: try next(),
            count: try next())
    }
}

extension SignIn {
    /// The names as a parameter can have them. One with U+0000 is nobody's.
    fileprivate var codeParameter: String? { operatorCode.utf8.contains(0) ? nil : operatorCode }
    fileprivate var usernameParameter: String? { username.utf8.contains(0) ? nil : username }
}

extension Statement where Input == SignIn, Row == Void {
    static let recordSignIn = Statement(
        "record_sign_in",
        """
        SELECT countersign.record_sign_in(
            \(\.codeParameter), \(\.usernameParameter), \(\.address), \(\.succeeded))
        """)
}

extension Statement where Input == Void, Row == Int64 {
    /// The most rows of one `purgeActivity`.
    static let mostPurgedActivity: Int64 = 10_000

    /// Deletes activity of more than 400 days ago, and returns how many rows that were.
    static let purgeActivity = Statement(
        "purge_activity", "SELECT countersign.purge_activity(\(raw: mostPurgedActivity))")
}

extension Store {
    /// Deletes the activity of more than 400 days ago. A failure is logged, and the rest is left to the next call.
    package func purgeActivity() async {
        await pool.purge(
            .purgeActivity, maximum: Statement<Void, Int64>.mostPurgedActivity,
            doing: "deleting old activity", logger: logger)
    }
}
