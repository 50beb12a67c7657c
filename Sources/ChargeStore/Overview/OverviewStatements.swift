import Charges
import LibPQ

// Each statement looks at a bounded number of rows, so that an overview takes as long with ten million charges as with
// a hundred thousand. docs/data-model.md has the measurements.

/// The count of undecided charges of one age.
struct UndecidedAgeRow: Sendable {
    let age: UndecidedAge?
    let count: BoundedCount
    /// When the oldest of them was received; `nil` if none was found.
    let oldestReceivedOn: Timestamp?
}

/// The counts of undecided charges by deadline.
struct UndecidedDeadlinesRow: Sendable {
    /// Whether the operator's policy decides at all.
    let policyDecides: Bool
    /// The count of each deadline, in the order of `UndecidedDeadline.allCases`.
    let counts: [BoundedCount]
}

extension Statement where Input == OverviewInput {
    /// The most pending charges that are looked at for one count. No index may name the decision, so undecided charges
    /// are found by going through the pending ones.
    static var undecidedWalkLength: Int { 20_000 }

    private static var pending: SQL<OverviewInput> {
        """
        charge.operator_id = \(\.operatorIdentifier) AND charge.acknowledged_on IS NULL
                    AND charge.charge_status = 'PENDING'
        """
    }
    private static var countedRows: Int { BoundedCount.limit + 1 }
}

extension Statement where Input == OverviewInput, Row == UndecidedAgeRow {
    /// The undecided charges of each age: a walk for each, oldest first.
    static let undecidedByAge = Statement(
        "undecided_by_age",
        """
        SELECT age.place, walk.found, walk.walked < \(raw: undecidedWalkLength), walk.oldest
        FROM (VALUES
            (\(raw: UndecidedAge.underOneDay.rawValue), now() - interval '1 day', timestamptz 'infinity'),
            (\(raw: UndecidedAge.oneToThreeDays.rawValue), now() - interval '3 days', now() - interval '1 day'),
            (\(raw: UndecidedAge.threeToSevenDays.rawValue), now() - interval '7 days', now() - interval '3 days'),
            (\(raw: UndecidedAge.sevenDaysOrMore.rawValue), timestamptz '-infinity', now() - interval '7 days')
        ) AS age (place, after_on, until_on)
        CROSS JOIN LATERAL (
            SELECT
                count(*) AS walked, count(*) FILTER (WHERE pending.decision IS NULL) AS found,
                min(pending.received_on) FILTER (WHERE pending.decision IS NULL) AS oldest
            FROM (
                SELECT charge.received_on, charge.decision FROM countersign.charge
                WHERE \(pending) AND charge.received_on > age.after_on AND charge.received_on <= age.until_on
                ORDER BY charge.received_on, charge.number
                LIMIT \(raw: undecidedWalkLength)
            ) AS pending
        ) AS walk
        WHERE walk.found > 0 OR walk.walked = \(raw: undecidedWalkLength)
        """,
        row: { (age: Int32, found: Int, isComplete: Bool, oldest: Timestamp?) in
            UndecidedAgeRow(
                age: UndecidedAge(rawValue: Int(age)),
                count: BoundedCount(found: found, isComplete: isComplete), oldestReceivedOn: oldest)
        })
}

extension Statement where Input == OverviewInput, Row == UndecidedDeadlinesRow {
    private static let ownOperator: SQL<OverviewInput> = .ownOperator("\(\.operatorIdentifier)")

    /// The undecided charges of each deadline: one walk, oldest first. An imported charge has a later deadline than
    /// others received at its time, so that there is no walk for each deadline. A charge that the walk does not reach was
    /// received after those that it does, so that counts of earlier deadlines than that one's are exact all the same.
    static let undecidedByDeadline = Statement(
        "undecided_by_deadline",
        """
        SELECT
            own.policy_decides, walk.passed, walk.one_day, walk.three_days, walk.later,
            rest.is_empty OR rest.decide_by > now(), rest.is_empty OR rest.decide_by > now() + interval '1 day',
            rest.is_empty OR rest.decide_by > now() + interval '3 days', rest.is_empty
        FROM (
            SELECT own.operator,
                (own.operator).undecided_policy <> 'hold' AND (own.operator).suspended_on IS NULL AS policy_decides
            FROM \(ownOperator)
            WHERE (own.operator).operator_id IS NOT NULL
        ) AS own
        CROSS JOIN LATERAL (
            SELECT
                count(*) AS walked, max(due.received_on) AS last_received_on,
                count(*) FILTER (WHERE due.decide_by <= now()) AS passed,
                count(*) FILTER (WHERE due.decide_by > now() AND due.decide_by <= now() + interval '1 day')
                    AS one_day,
                count(*) FILTER (WHERE due.decide_by > now() + interval '1 day'
                    AND due.decide_by <= now() + interval '3 days') AS three_days,
                count(*) FILTER (WHERE due.decide_by > now() + interval '3 days') AS later
            FROM (
                SELECT charge.received_on, countersign.decide_by(charge, own.operator) AS decide_by
                FROM countersign.charge
                WHERE \(pending) AND own.policy_decides
                ORDER BY charge.received_on, charge.number
                LIMIT \(raw: undecidedWalkLength)
            ) AS due
        ) AS walk
        CROSS JOIN LATERAL (
            SELECT walk.walked < \(raw: undecidedWalkLength) AS is_empty,
                greatest(walk.last_received_on, (own.operator).undecided_counts_from)
                    + (own.operator).undecided_window AS decide_by
        ) AS rest
        """,
        decode: { row throws(PostgresError) in
            let policyDecides = try row.next(Bool.self)
            let found = [try row.next(Int.self), try row.next(), try row.next(), try row.next()]
            let isComplete = [try row.next(Bool.self), try row.next(), try row.next(), try row.next()]
            return UndecidedDeadlinesRow(
                policyDecides: policyDecides,
                counts: zip(found, isComplete).map { BoundedCount(found: $0, isComplete: $1) })
        })
}

extension Statement where Input == OverviewInput, Row == ProcessedCount {
    /// The unacknowledged charges of each final status that has some, counted in an index.
    static let processedCounts = Statement(
        "processed_counts",
        """
        SELECT final.status, counted.found
        FROM unnest(\(\.finalStatuses)) WITH ORDINALITY AS final (status, place)
        CROSS JOIN LATERAL (
            SELECT count(*) AS found
            FROM (
                SELECT FROM countersign.charge
                WHERE charge.operator_id = \(\.operatorIdentifier) AND charge.acknowledged_on IS NULL
                    AND charge.charge_status <> 'PENDING' AND charge.charge_status = final.status
                LIMIT \(raw: countedRows)
            ) AS found
        ) AS counted
        WHERE counted.found > 0
        ORDER BY final.place
        """,
        row: { (status: ChargeStatus, found: Int) in
            ProcessedCount(status: status, count: BoundedCount(found: found, isComplete: true))
        })
}

extension OverviewInput {
    fileprivate var finalStatuses: [ChargeStatus] { ChargeStatusFilter.processed.statuses }
}

extension Statement where Input == OverviewInput, Row == FailedItems {
    /// The failed items of the last seven days by code: a row for each hour, kind and code.
    static let failedItemsByCode = Statement(
        "failed_items_by_code",
        """
        SELECT
            failed.error_code,
            coalesce(sum(failed.count) FILTER (WHERE failed.counted_on > now() - interval '1 day'), 0)::bigint,
            sum(failed.count)::bigint
        FROM countersign.failed_item_count AS failed
        WHERE failed.operator_id = \(\.operatorIdentifier) AND failed.counted_on > now() - interval '7 days'
        GROUP BY failed.error_code
        ORDER BY sum(failed.count) DESC, failed.error_code
        """, row: FailedItems.init(code:lastDay:lastWeek:))
}

extension Statement where Input == OverviewInput, Row == DecisionDay {
    /// The most statements that are looked at: 35 a day, of which all but one were closed by hand.
    private static let statementCount = 500
    /// The most batches, and the most decisions in them, that are looked at for the days since the last statement.
    private static let openBatchCount = 20_000
    private static let openDecisionCount = 2 * BoundedCount.limit + 1

    /// The decisions of the last days: the totals of statements, and what was published since the last one. A statement
    /// lies within a day of the zone in which it was closed.
    static let decisionDays = Statement(
        "decision_days",
        """
        WITH own AS MATERIALIZED (
            SELECT
                operator.zone, (now() AT TIME ZONE operator.zone)::date AS today,
                coalesce(last.last_event_number, 0) AS last_closed,
                (coalesce(last.ends_on, operator.created_on) AT TIME ZONE operator.zone)::date AS first_open
            FROM countersign.operator
            LEFT JOIN LATERAL (
                SELECT last.last_event_number, last.ends_on FROM countersign.statement AS last
                WHERE last.operator_id = \(\.operatorIdentifier)
                ORDER BY last.number DESC LIMIT 1
            ) AS last ON true
            WHERE operator.operator_id = \(\.operatorIdentifier)
        ), closed AS (
            SELECT (newest.begins_on AT TIME ZONE own.zone)::date AS day, total.event, total.events,
                newest.digest IS NOT NULL AS is_complete
            FROM own
            CROSS JOIN LATERAL (
                SELECT done.number, done.begins_on, done.digest FROM countersign.statement AS done
                WHERE done.operator_id = \(\.operatorIdentifier)
                ORDER BY done.number DESC LIMIT \(raw: statementCount)
            ) AS newest
            LEFT JOIN countersign.statement_total AS total
                ON total.operator_id = \(\.operatorIdentifier) AND total.number = newest.number
            WHERE (newest.begins_on AT TIME ZONE own.zone)::date > own.today - \(raw: Overview.decisionDayCount)
        ), open AS MATERIALIZED (
            SELECT (batch.published_on AT TIME ZONE own.zone)::date AS day, batch.batch_id
            FROM own
            CROSS JOIN LATERAL (
                SELECT batch.published_on, batch.batch_id FROM countersign.event_batch AS batch
                WHERE batch.operator_id = \(\.operatorIdentifier) AND batch.last_event_number > own.last_closed
                ORDER BY batch.last_event_number
                LIMIT \(raw: openBatchCount)
            ) AS batch
        ), decided AS MATERIALIZED (
            SELECT open.day, history.kind
            FROM open
            CROSS JOIN LATERAL (
                SELECT history.kind FROM countersign.charge_history AS history
                WHERE history.batch_id = ANY (ARRAY[open.batch_id])
                    AND history.operator_id = \(\.operatorIdentifier) AND history.kind <> 'ACKNOWLEDGED'
                -- The array has one element. The order makes the plan one by batch, also if the table was empty then.
                ORDER BY history.batch_id
                LIMIT \(raw: openDecisionCount)
            ) AS history
            LIMIT \(raw: openDecisionCount)
        ), counted AS MATERIALIZED (
            SELECT closed.day, closed.event, closed.events, closed.is_complete FROM closed
            UNION ALL
            SELECT decided.day, 'DECISION_' || decided.kind, count(*), true FROM decided GROUP BY decided.day, decided.kind
            UNION ALL
            SELECT own.today - ago, NULL, 0,
                (SELECT count(*) FROM open) < \(raw: openBatchCount)
                    AND (SELECT count(*) FROM decided) < \(raw: openDecisionCount)
            FROM own CROSS JOIN LATERAL generate_series(0, own.today - own.first_open) AS ago
        )
        SELECT
            day.day::timestamp,
            coalesce(sum(counted.events) FILTER (WHERE counted.event = 'DECISION_ACCEPTED'), 0)::bigint,
            coalesce(sum(counted.events) FILTER (WHERE counted.event = 'DECISION_DECLINED'), 0)::bigint,
            coalesce(bool_and(counted.is_complete), true)
        FROM own
        CROSS JOIN LATERAL (
            SELECT own.today - ago AS day FROM generate_series(0, \(raw: Overview.decisionDayCount - 1)) AS ago
        ) AS day
        LEFT JOIN counted ON counted.day = day.day
        GROUP BY day.day
        ORDER BY day.day
        """,
        row: { (day: Timestamp, accepted: Int, declined: Int, isComplete: Bool) in
            func count(_ found: Int) -> BoundedCount {
                isComplete ? .exactly(found) : BoundedCount(found: found, isComplete: false)
            }
            return DecisionDay(day: day, accepted: count(accepted), declined: count(declined))
        })
}
