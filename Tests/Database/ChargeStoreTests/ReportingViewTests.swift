import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of what the views of the schema `reporting` promise to their readers.
@Suite struct ReportingViewTests {
    private let database = TestDatabase.current!

    /// The contract: columns may be added to it, and none of it may change.
    private static let columns = """
        activity.operator_id bigint
        activity.operator text
        activity.activity_number bigint
        activity.made_on timestamp with time zone
        activity.kind text
        activity.channel text
        activity.actor text
        activity.subject text
        activity.address text
        activity.old_value text
        activity.new_value text
        activity.count integer
        charge.operator_id bigint
        charge.operator text
        charge.number text
        charge.provider_charge_id text
        charge.billing_system_customer_identifier text
        charge.amount numeric
        charge.currency text
        charge.local_currency_amount numeric
        charge.local_currency text
        charge.paid_through_date timestamp without time zone
        charge.charge_status text
        charge.received_on timestamp with time zone
        charge.taken_on timestamp with time zone
        charge.processed_on timestamp with time zone
        charge.acknowledged_on timestamp with time zone
        charge.revision integer
        charge.decision text
        charge.decided_on timestamp with time zone
        charge.decision_made_by text
        charge.decision_reference_number text
        charge.decide_by timestamp with time zone
        decision.operator_id bigint
        decision.operator text
        decision.number text
        decision.revision integer
        decision.decision text
        decision.made_by text
        decision.username text
        decision.decided_on timestamp with time zone
        decision.reference_number text
        decision.idempotency_key text
        failed_items.operator_id bigint
        failed_items.operator text
        failed_items.counted_on timestamp with time zone
        failed_items.call text
        failed_items.error_code text
        failed_items.failed_items bigint
        operator.operator_id bigint
        operator.operator text
        operator.currency text
        operator.undecided_policy text
        operator.undecided_window interval
        operator.created_on timestamp with time zone
        operator.suspended_on timestamp with time zone
        operator_user.operator_id bigint
        operator_user.operator text
        operator_user.username text
        operator_user.created_on timestamp with time zone
        operator_user.suspended_on timestamp with time zone
        operator_user.role text
        reconciliation.operator_id bigint
        reconciliation.operator text
        reconciliation.number integer
        reconciliation.state text
        reconciliation.name text
        reconciliation.begins_on timestamp with time zone
        reconciliation.ends_on timestamp with time zone
        reconciliation.decision text
        reconciliation.username text
        reconciliation.created_on timestamp with time zone
        reconciliation.as_of timestamp with time zone
        reconciliation.finished_on timestamp with time zone
        reconciliation.rows bigint
        reconciliation.differences bigint
        reconciliation.fault text
        reconciliation_difference.operator_id bigint
        reconciliation_difference.operator text
        reconciliation_difference.reconciliation_number integer
        reconciliation_difference.identifier bigint
        reconciliation_difference.class text
        reconciliation_difference.line bigint
        reconciliation_difference.reason text
        reconciliation_difference.fields text[]
        reconciliation_difference.other_number text
        reconciliation_difference.there_number text
        reconciliation_difference.there_reference_number text
        reconciliation_difference.there_customer text
        reconciliation_difference.there_amount numeric
        reconciliation_difference.there_currency text
        reconciliation_difference.there_local_currency_amount numeric
        reconciliation_difference.there_local_currency text
        reconciliation_difference.there_decision text
        reconciliation_difference.there_charge_status text
        reconciliation_difference.here_number text
        reconciliation_difference.here_reference_number text
        reconciliation_difference.here_customer text
        reconciliation_difference.here_amount numeric
        reconciliation_difference.here_currency text
        reconciliation_difference.here_local_currency_amount numeric
        reconciliation_difference.here_local_currency text
        reconciliation_difference.here_decision text
        reconciliation_difference.here_charge_status text
        reconciliation_difference.here_decided_on timestamp with time zone
        reconciliation_difference.is_imported boolean
        reconciliation_difference.closed_on timestamp with time zone
        reconciliation_difference.closed_by text
        reconciliation_difference.closing_reason text
        reference.operator_id bigint
        reference.operator text
        reference.reference_number text
        reference.number text
        reference.taken_on timestamp with time zone
        statement.operator_id bigint
        statement.operator text
        statement.number integer
        statement.begins_on timestamp with time zone
        statement.ends_on timestamp with time zone
        statement.closed_on timestamp with time zone
        statement.first_event_number bigint
        statement.last_event_number bigint
        statement.events bigint
        statement.digest text
        statement_total.operator_id bigint
        statement_total.operator text
        statement_total.number integer
        statement_total.event text
        statement_total.currency text
        statement_total.local_currency text
        statement_total.events bigint
        statement_total.amount numeric
        statement_total.local_currency_amount numeric
        """

    @Test("The reporting views keep their columns' names and types", .database)
    func namesAndTypesStay() async throws {
        let columns = try await database.session.texts(
            """
            SELECT relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'v' AND attnum > 0
            ORDER BY relname, attnum
            """)
        #expect(columns == Self.columns.split(separator: "\n").map(String.init))
    }

    @Test("Every reporting view, column and function has a comment", .database)
    func everyViewColumnAndFunctionSaysWhatItIs() async throws {
        let silent = try await database.session.texts(
            """
            SELECT relname || coalesce('.' || attname, '')
            FROM pg_class
            JOIN (
                SELECT attrelid, attnum, attname::text FROM pg_attribute WHERE attnum > 0
                UNION ALL SELECT oid, 0, NULL FROM pg_class
            ) AS part ON attrelid = pg_class.oid
            WHERE relnamespace = 'reporting'::regnamespace
                AND coalesce(col_description(pg_class.oid, attnum), obj_description(pg_class.oid)) IS NULL
            UNION ALL
            SELECT proname FROM pg_proc
            WHERE pronamespace = 'reporting'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
            """)
        #expect(silent.isEmpty)
    }

    @Test("The reporting views belong to the owner, and the reporting role alone may read them", .database)
    func theyAreTheOwnersAndReportingAloneReadsThem() async throws {
        let others = try await database.session.texts(
            """
            SELECT relname || ' ' || coalesce(grantee.rolname, 'PUBLIC') || ' ' || privilege_type
            FROM pg_class CROSS JOIN LATERAL aclexplode(coalesce(relacl, acldefault('r', relowner))) AS granted
            LEFT JOIN pg_roles AS grantee ON grantee.oid = granted.grantee
            WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'v'
                AND (grantee.rolname, privilege_type) IS DISTINCT FROM ('countersign_reporting', 'SELECT')
                AND grantee.rolname IS DISTINCT FROM 'countersign_owner'
            UNION ALL
            SELECT relname FROM pg_class
            WHERE relnamespace = 'reporting'::regnamespace AND relowner <> 'countersign_owner'::regrole
            """)
        #expect(others.isEmpty)
    }

    @Test("The reporting role may neither read secrets nor write", .database)
    func reportingMayNot() async throws {
        try await database.session.execute("SET ROLE countersign_reporting")
        for sql in [
            "SELECT password_hash FROM countersign.operator_user",
            "SELECT secret FROM countersign.signing_key",
            "SELECT FROM countersign.charge", "SELECT password_hash FROM reporting.operator_user",
            "UPDATE reporting.operator SET currency = 'EUR'", "DELETE FROM reporting.charge",
            "INSERT INTO reporting.operator (operator) VALUES ('X')", "CREATE TABLE reporting.mine (id int)",
            "SELECT countersign.limit_lock_wait(now())", "DROP VIEW reporting.charge",
        ] {
            var failure = ""
            do {
                try await database.session.execute(sql)
            } catch {
                failure = "\(error)"
            }
            // 42703: a hidden column does not exist in the view; 55000: a view of two tables takes no rows.
            #expect(["42501", "42703", "55000"].contains { failure.contains($0) }, "\(sql): \(failure)")
        }
    }

    /// No view has a column by which a client could log in, whatever a later migration adds.
    @Test("No reporting view has a column for a secret", .database)
    func noViewNamesASecret() async throws {
        let secrets = try await database.session.texts(
            """
            SELECT attname::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'reporting'::regnamespace AND attname ~ 'password|secret|hash|token'
            """)
        #expect(secrets.isEmpty)
    }

    @Test("The reporting role is read-only and has time limits", .database)
    func theRoleHasItsLimits() async throws {
        let limits = try await database.session.texts(
            "SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = 'countersign_reporting' ORDER BY 1")
        #expect(
            limits == [
                "TimeZone=UTC", "default_transaction_read_only=on",
                "idle_in_transaction_session_timeout=1min", "lock_timeout=1s", "statement_timeout=5min",
            ])
    }

    /// A charge's columns are the table's own, in the right combination.
    @Test("The charge view shows status, decision and times as the table has them", .database)
    func aChargeIsShownAsItStands() async throws {
        try await database.addCharges(4, prefix: "N")
        try await database.session.execute(
            """
            UPDATE countersign.operator SET undecided_policy = 'accept' WHERE code = 'ACME';
            UPDATE countersign.operator SET undecided_counts_from = created_on;
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = received_on
            WHERE number = 'N2';
            UPDATE countersign.charge
            SET revision = 1, decision = 'ACCEPTED', decided_on = received_on, decision_made_by = 'operator',
                taken_on = received_on
            WHERE number = 'N3';
            UPDATE countersign.charge
            SET revision = 1, decision = 'DECLINED', decided_on = received_on, decision_made_by = 'policy'
            WHERE number = 'N4'
            """)
        let shown = try await database.session.texts(
            """
            SELECT concat_ws(' ', operator, number, charge_status, decision, decision_made_by,
                processed_on = received_on, decide_by - received_on)
            FROM reporting.charge ORDER BY number
            """)
        #expect(
            shown == [
                "ACME N1 PENDING NONE 01:00:00", "ACME N2 REJECTED NONE t",
                "ACME N3 PENDING ACCEPTED operator",
                "ACME N4 PENDING DECLINED policy",
            ])
    }

    /// The view, the list and the report all ask countersign.decide_by.
    @Test("The view, the list and the report agree on when a policy may decide", .database)
    func theyAgreeOnWhenAPolicyMayDecide() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            "UPDATE countersign.charge SET received_on = date_trunc('second', now()) - interval '90 minutes'")
        let report = try #require(Report.named("undecided-charges"))
        try await database.withStore { (store: Store) async throws in
            for (change, isDue, counts) in [
                // The operator's window is an hour.
                ("undecided_policy = 'hold'", "never", "hold 0 0"),
                // A changed policy counts from now on.
                ("undecided_policy = 'accept'", "later", "accept 1 0"),
                ("undecided_window = '2 days'", "later", "accept 0 0"),
                ("undecided_window = '1 hour', suspended_on = now()", "never", "accept 0 0"),
                // So does the end of a suspension.
                ("suspended_on = NULL", "later", "accept 1 0"),
                ("undecided_counts_from = now() - interval '2 hours'", "now", "accept 0 1"),
            ] {
                try await database.session.execute(
                    "UPDATE countersign.operator SET \(change) WHERE operator_id = 1")
                let seen = try await database.session.texts(
                    """
                    SELECT CASE WHEN decide_by IS NULL THEN 'never' WHEN decide_by > now() THEN 'later' ELSE 'now' END
                    FROM reporting.charge
                    UNION ALL
                    SELECT to_char(decide_by AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') FROM reporting.charge
                    """)
                #expect(seen[0] == isDue, "\(change)")
                let page = try await store.charges.page(
                    ChargeListQuery(
                        operatorIdentifier: TestDatabase.acme.identifier,
                        filter: ChargeListFilter(isProcessed: false),
                        start: .offset(0), count: 1, deadline: .now + .patience))
                #expect(page.charges.first?.decideBy?.text == seen[1], "\(change)")
                let owner = database.ownerConnectionString
                let row = try await onThread {
                    let session = try AdministrationSession(database: owner)
                    defer { session.close() }
                    return try session.report(report).rows.first
                }
                #expect(row?[4...].map { $0 ?? "" }.joined(separator: " ") == counts, "\(change)")
            }
        }
    }
}
