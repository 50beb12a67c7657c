import Charges

/// The statements of an import, in the order in which they run.
enum ImportSQL {
    /// A column of the table that COPY fills.
    struct Column: Sendable {
        let name: String
        let type: String
        /// The value of a line, as text; `nil` is NULL.
        let value: @Sendable (ImportedCharge) -> String?

        init(_ name: String, _ type: String, _ value: @escaping @Sendable (ImportedCharge) -> String?) {
            self.name = name
            self.type = type
            self.value = value
        }
    }

    private static let text = #"text COLLATE "C""#

    static let columns = [
        Column("line", "bigint NOT NULL") { String($0.line) },
        Column("operator", "\(text) NOT NULL") { $0.operatorCode },
        Column("number", text) { $0.number },
        Column("provider_charge_id", text) { $0.providerChargeIdentifier },
        Column("billing_system_customer_identifier", "\(text) NOT NULL") {
            $0.terms.billingSystemCustomerIdentifier.string
        },
        Column("amount", "numeric NOT NULL") { $0.terms.amount.digits },
        Column("currency", "\(text) NOT NULL") { $0.terms.currency },
        Column("local_currency_amount", "numeric NOT NULL") { $0.terms.localCurrencyAmount.digits },
        Column("local_currency", "\(text) NOT NULL") { $0.terms.localCurrency },
        Column("paid_through_date", "timestamp NOT NULL") { $0.terms.paidThroughDate.text },
        Column("received_on", "timestamptz") { $0.receivedOn?.text },
        Column("charge_status", text) { $0.givenStatus?.rawValue },
        Column("processed_on", "timestamptz") { $0.processedOn?.text },
        Column("decision", text) { $0.decision?.rawValue },
        Column("decided_on", "timestamptz") { $0.decidedOn?.text },
        Column("reference_number", text) { $0.referenceNumber },
        Column("acknowledged", "boolean") { $0.givenAcknowledgement.map { $0 ? "t" : "f" } },
        Column("acknowledged_on", "timestamptz") { $0.acknowledgedOn?.text },
    ]

    /// Begins the transaction, whose time zone is UTC: dates without a zone are of UTC.
    static let begin = """
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
        \(settings.map { "SET LOCAL \($0.name) = '\($0.value)'" }.joined(separator: ";\n"));
        CREATE TEMPORARY TABLE imported (
            \(columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")),
            operator_id bigint,
            is_known boolean NOT NULL DEFAULT false
        ) ON COMMIT DROP;
        CREATE TEMPORARY TABLE drawn (operator_id bigint NOT NULL, place bigint NOT NULL, number \(text) NOT NULL)
        ON COMMIT DROP
        """

    /// A node's settings, by which charges are looked up by their keys, whatever the statistics say. The import's own
    /// tables may be hashed besides, and sorted in more memory.
    private static let settings =
        SessionSettings.all + [("enable_hashjoin", "on"), ("work_mem", "64MB")]

    static let copy = "COPY imported (\(columns.map(\.name).joined(separator: ", "))) FROM STDIN"

    /// Finds the operators, and keeps other imports of theirs waiting until this one has ended. Nobody else waits: no row
    /// of an operator is locked, beyond what a foreign key does.
    static let prepare = """
        UPDATE imported SET operator_id = operator.operator_id
        FROM countersign.operator WHERE operator.code = imported.operator;
        DO $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('countersign import', found.operator_id))
            FROM (
                SELECT DISTINCT operator_id FROM imported WHERE operator_id IS NOT NULL ORDER BY operator_id
            ) AS found;
        END
        $$;
        ANALYZE imported
        """

    /// The charges that a line names: by its number, and by the provider's id. Each is a look-up by key. One condition
    /// with OR over both would read the operator's part of both indexes for each line.
    private static let named = """
        (
            (SELECT known.* FROM countersign.charge AS known
            WHERE known.operator_id = imported.operator_id AND known.number = imported.number
            LIMIT 1)
            UNION ALL
            (SELECT known.* FROM countersign.charge AS known
            WHERE known.operator_id = imported.operator_id
                AND known.provider_charge_id = imported.provider_charge_id
                AND known.number IS DISTINCT FROM imported.number
            LIMIT 1)
        ) AS charge
        """

    /// The checks, in the order in which a failed import names their faults.
    static func checks(skipsKnown: Bool) -> [ImportCheck] {
        [
            ImportCheck(
                .operatorCode,
                "SELECT line, 'there is no operator ' || operator FROM imported WHERE operator_id IS NULL"),
            ImportCheck(
                .localCurrency,
                """
                SELECT line, 'local_currency is ' || local_currency || ', and operator ' || operator || ' bills in '
                    || operator.currency
                FROM imported JOIN countersign.operator USING (operator_id)
                WHERE local_currency <> operator.currency
                """),
            ImportCheck(.number, twice("number", "number")),
            ImportCheck(.providerChargeIdentifier, twice("provider_charge_id", "provider_charge_id")),
            ImportCheck(.referenceNumber, twice("reference_number", "reference number")),
            ImportCheck(
                .number,
                """
                SELECT imported.line, 'charge ' || charge.number || ' is there already'
                    || \(skipsKnown ? "', with another ' || \(ImportComparison.differences)" : "' (--skip-known passes over it)'")
                FROM imported CROSS JOIN LATERAL \(named)
                WHERE NOT imported.is_known
                """),
            ImportCheck(
                .referenceNumber,
                """
                SELECT line, 'reference number ' || imported.reference_number || ' names charge ' || history.number
                    || ' already'
                FROM imported CROSS JOIN LATERAL (
                    SELECT taken.number FROM countersign.charge_history AS taken
                    WHERE taken.operator_id = imported.operator_id
                        AND taken.reference_number = imported.reference_number AND taken.takes_reference
                    LIMIT 1
                ) AS history
                WHERE NOT is_known
                """),
        ]
    }

    private static func twice(_ column: String, _ name: String) -> String {
        """
        SELECT line, '\(name) ' || \(column) || ' stands in line ' || first_line || ' already'
        FROM (
            SELECT line, \(column), min(line) OVER (PARTITION BY operator_id, \(column)) AS first_line
            FROM imported WHERE \(column) IS NOT NULL
        ) AS numbered
        WHERE line > first_line
        """
    }

    /// Marks the lines whose charge exists with the same content. Values that the line does not have are not compared.
    static let markKnown = """
        UPDATE imported SET is_known = true
        WHERE EXISTS (SELECT FROM \(named) WHERE \(ImportComparison.differences) = '')
        """

    /// The batch of decisions on charges that were already processed elsewhere. They are no news for the provider: the
    /// batch has no row, so that it is never published.
    private static let neverPublished = "'00000000-0000-0000-0000-000000000000'::uuid"

    /// The numbers that each operator needs: how many, and the highest one in the file that its counter must exceed. A
    /// counter is not raised beyond 15 digits, so that no file can use it up; taken numbers above are passed over when
    /// they are reached. Numbers of another form, with a zero in front of nine digits say, are never made.
    static let needed = """
        SELECT operator_id,
            count(*) FILTER (WHERE number IS NULL),
            max(substr(number, 2)::bigint) FILTER (WHERE number ~ '^I([0-9]{8}|[1-9][0-9]{8,14})$')
        FROM imported WHERE NOT is_known
        GROUP BY operator_id ORDER BY operator_id
        """

    /// Writes the charges and their decisions, with the drawn numbers for the lines without one. It returns their number;
    /// no row if one of them came in by another way meanwhile, and then the work must be rolled back.
    static let insert = """
        WITH numbered AS (
            SELECT fresh.*, coalesce(fresh.number, drawn.number) AS final_number
            FROM (
                SELECT imported.*,
                    count(*) FILTER (WHERE number IS NULL) OVER (PARTITION BY operator_id ORDER BY line) AS place
                FROM imported WHERE NOT is_known
            ) AS fresh
            LEFT JOIN drawn
                ON fresh.number IS NULL AND drawn.operator_id = fresh.operator_id AND drawn.place = fresh.place
        ), charges AS (
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, charge_status, received_on, imported_on,
                set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on,
                acknowledged_on, revision, decision, decided_on, decision_made_by, decision_reference_number)
            SELECT
                operator_id, final_number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, coalesce(charge_status, 'PENDING'),
                -- What was decided or processed earlier had come in by then.
                coalesce(received_on, least(decided_on, processed_on, statement_timestamp())), statement_timestamp(),
                CASE charge_status WHEN 'APPROVED' THEN processed_on END,
                CASE charge_status WHEN 'DECLINED' THEN processed_on END,
                CASE charge_status WHEN 'BAD_REQUEST' THEN processed_on END,
                CASE charge_status WHEN 'REJECTED' THEN processed_on END,
                CASE WHEN acknowledged THEN coalesce(acknowledged_on, statement_timestamp()) END,
                CASE WHEN decision IS NULL THEN 0 ELSE 1 END, decision, decided_on,
                CASE WHEN decision IS NOT NULL THEN 'operator' END, reference_number
            FROM numbered ORDER BY operator_id, final_number
            ON CONFLICT DO NOTHING
            RETURNING operator_id
        ), decided AS (
            SELECT numbered.*,
                CASE WHEN processed_on IS NULL
                    THEN row_number() OVER (PARTITION BY processed_on IS NULL ORDER BY operator_id, final_number) / 500
                    ELSE -1
                END AS batch_number
            FROM numbered WHERE decision IS NOT NULL
        ), batch AS MATERIALIZED (
            SELECT
                batch_number,
                CASE WHEN batch_number < 0 THEN \(neverPublished) ELSE gen_random_uuid() END AS batch_id
            FROM decided GROUP BY batch_number
        ), history AS (
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
            SELECT
                operator_id, final_number, 1, decision, 'operator', decided_on, reference_number,
                reference_number IS NOT NULL, batch.batch_id
            FROM decided JOIN batch USING (batch_number) ORDER BY operator_id, reference_number
            RETURNING batch_id
        ), recorded AS (
            INSERT INTO countersign.batch (batch_id, decisions)
            SELECT batch_id, count(*) FROM history WHERE batch_id <> \(neverPublished) GROUP BY batch_id
        )
        SELECT inserted.count
        FROM (SELECT count(*) FROM charges) AS inserted, (SELECT count(*) FROM numbered) AS wanted
        WHERE inserted.count = wanted.count
        """
}
