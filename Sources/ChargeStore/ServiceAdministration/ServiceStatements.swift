import Authentication
import Charges
import LibPQ

// The statements that `PostgresServiceAdministration` has besides those of the commands.

extension Statement where Input == ActingAdministrator, Row == Void {
    /// Checks the administrator who makes the transaction's change; from there on the activity is the administrator's.
    static let actAsAdministrator = Statement(
        "act_as_administrator",
        """
        SELECT countersign.act_as_administrator(
            \(\.name), \(\.tokenGeneration)::bigint::integer, \(\.address))
        """)
}

extension Statement where Input == Void, Row == Void {
    /// Locks the administrators of the service in the order of their names, so that changes of them come one after the
    /// other.
    static let lockAdministrators = Statement(
        "lock_administrators",
        "SELECT FROM countersign.administrator ORDER BY name FOR NO KEY UPDATE")

    /// Does nothing, in the place of a second statement.
    static let nothing = Statement("nothing", "SELECT")
}

/// The operators to read: a page of them, or one.
struct ServiceOperatorSelection: Sendable {
    /// The code of the only operator; `nil` for a page.
    let code: String?
    /// The code after which the page begins; `nil` for the first.
    let after: String?
    let count: Int
    /// The most pending charges that are looked at for one operator.
    let walkLength: Int
}

extension Statement where Input == ServiceOperatorSelection, Row == ServiceOperator {
    static let serviceOperators = Statement(
        "service_operators",
        """
        SELECT
            operator.code, operator.currency, operator.undecided_policy,
            extract(epoch FROM operator.undecided_window)::bigint, operator.zone, operator.error_http_status,
            operator.repeated_decision = 'success', operator.created_on, operator.suspended_on,
            users.active, users.administrators, keys.active, undecided.found, undecided.is_complete,
            undecided.oldest_received_on
        FROM countersign.operator
        CROSS JOIN LATERAL (
            SELECT count(*) AS active, count(*) FILTER (WHERE role = 'administrator') AS administrators
            FROM countersign.operator_user
            WHERE operator_user.operator_id = operator.operator_id AND operator_user.suspended_on IS NULL
        ) AS users
        CROSS JOIN LATERAL (
            SELECT count(*) AS active FROM countersign.api_key
            WHERE api_key.operator_id = operator.operator_id AND api_key.revoked_on IS NULL
        ) AS keys
        CROSS JOIN LATERAL (
            SELECT
                count(*) FILTER (WHERE pending.decision IS NULL AND pending.taken_on IS NULL) AS found,
                count(*) < \(\.walkLength)::bigint AS is_complete,
                min(pending.received_on) FILTER (WHERE pending.decision IS NULL AND pending.taken_on IS NULL)
                    AS oldest_received_on
            FROM (
                SELECT charge.decision, charge.taken_on, charge.received_on
                FROM countersign.charge
                WHERE charge.operator_id = operator.operator_id AND charge.acknowledged_on IS NULL
                    AND charge.charge_status = 'PENDING'
                ORDER BY charge.received_on, charge.number
                LIMIT \(\.walkLength)::bigint
            ) AS pending
        ) AS undecided
        WHERE (\(\.code)::text IS NULL OR operator.code = \(\.code))
            AND (\(\.after)::text IS NULL OR operator.code > \(\.after))
        ORDER BY operator.code LIMIT \(\.count)::bigint
        """,
        decode: { row throws(PostgresError) in
            let code = try row.next(String.self)
            let settings = OperatorSettings(
                currency: try row.next(), undecidedPolicy: try row.next(),
                undecidedWindowSeconds: try row.next(), zone: try row.next(),
                errorStatusPolicy: try row.next(), repeatedDecisionsSucceed: try row.next())
            return ServiceOperator(
                code: code, settings: settings, createdOn: try row.next(), suspendedOn: try row.next(),
                activeUserCount: try row.next(), activeAdministratorCount: try row.next(),
                activeKeyCount: try row.next(),
                undecidedCount: BoundedCount(found: try row.next(), isComplete: try row.next()),
                oldestUndecidedOn: try row.next())
        })
}

extension Statement where Input == String, Row == Bool {
    static let operatorExists = Statement(
        "operator_exists", "SELECT true FROM countersign.operator WHERE code = \(\.self)")

    static let signingKeyExists = Statement(
        "signing_key_exists", "SELECT true FROM countersign.signing_key WHERE identifier = \(\.self)")

    /// Deletes a signing key that signs no more.
    static let dropSigningKey = Statement(
        "drop_signing_key",
        """
        DELETE FROM countersign.signing_key
        WHERE identifier = \(\.self) AND identifier IN (
            SELECT identifier
            FROM (
                SELECT identifier, lead(signs_from) OVER (ORDER BY signs_from, identifier) AS followed_on
                FROM countersign.signing_key
            ) AS signing_key
            WHERE followed_on <= clock_timestamp())
        RETURNING true
        """)
}

extension Statement where Input == Void, Row == SigningKeySummary {
    /// The signing keys, newest first. Each signs until the next one does; the last token that it signed is valid for
    /// two hours more, and a third hour is for a failover to a server whose clock differs.
    static let signingKeySummaries = Statement(
        "signing_key_summaries",
        """
        SELECT
            identifier,
            CASE
                WHEN signs_from > clock_timestamp() THEN 'COMING'
                WHEN followed_on IS NULL OR followed_on > clock_timestamp() THEN 'SIGNING'
                WHEN followed_on > clock_timestamp() - interval '3 hours' THEN 'VERIFYING'
                ELSE 'EXPIRED'
            END,
            created_on, signs_from
        FROM (
            SELECT
                identifier, created_on, signs_from,
                lead(signs_from) OVER (ORDER BY signs_from, identifier) AS followed_on
            FROM countersign.signing_key
        ) AS signing_key
        ORDER BY signs_from DESC, identifier DESC
        """,
        row: SigningKeySummary.init)
}

/// An administrator of the service with a new password of its own.
struct OwnAdministratorPassword: Sendable {
    let name: String
    let verifiedHash: String
    let passwordHash: String
}

extension Statement where Input == OwnAdministratorPassword, Row == Bool {
    static let setOwnAdministratorPassword = Statement(
        "set_own_administrator_password",
        """
        UPDATE countersign.administrator SET password_hash = \(\.passwordHash)
        WHERE name = \(\.name) AND password_hash = \(\.verifiedHash)
        RETURNING true
        """)
}

extension Statement where Input == Void, Row == FeedStatus {
    /// The state of the feed. It looks at no more than the first 1000 batches that wait.
    static let feedStatus = Statement(
        "feed_status",
        """
        SELECT
            feed.epoch, feed.last_position,
            CASE WHEN isfinite(feed.last_published_on) THEN feed.last_published_on END,
            coalesce((
                SELECT sum(batch.decisions)
                FROM (SELECT * FROM countersign.unpublished_batch ORDER BY transaction_id LIMIT 1000) AS waiting
                CROSS JOIN LATERAL (
                    SELECT batch.decisions FROM countersign.batch
                    WHERE batch.batch_id = waiting.batch_id LIMIT 1) AS batch), 0)::bigint,
            coalesce((
                SELECT extract(epoch FROM clock_timestamp() - min(history.made_on)) * 1000
                FROM (SELECT * FROM countersign.unpublished_batch ORDER BY transaction_id LIMIT 100) AS waiting
                CROSS JOIN LATERAL (
                    SELECT history.made_on FROM countersign.charge_history AS history
                    WHERE history.batch_id = waiting.batch_id LIMIT 1) AS history), 0)::bigint
        FROM countersign.feed
        """,
        row: FeedStatus.init)
}
