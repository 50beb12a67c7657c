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
        SET LOCAL TimeZone = 'UTC';
        CREATE TEMPORARY TABLE imported (
            \(columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")),
            operator_id bigint,
            is_known boolean NOT NULL DEFAULT false
        ) ON COMMIT DROP
        """

    static let copy = "COPY imported (\(columns.map(\.name).joined(separator: ", "))) FROM STDIN"

    /// Finds the operators, and keeps other imports of theirs waiting until this one has ended.
    static let prepare = """
        UPDATE imported SET operator_id = operator.operator_id
        FROM countersign.operator WHERE operator.code = imported.operator;
        DO $$
        BEGIN
            PERFORM FROM countersign.operator
            WHERE operator_id IN (SELECT operator_id FROM imported)
            ORDER BY operator_id
            FOR NO KEY UPDATE;
        END
        $$;
        CREATE INDEX ON imported (operator_id, number);
        CREATE INDEX ON imported (operator_id, provider_charge_id);
        ANALYZE imported
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
                FROM imported JOIN countersign.charge
                    ON charge.operator_id = imported.operator_id
                    AND (charge.number = imported.number OR charge.provider_charge_id = imported.provider_charge_id)
                WHERE NOT imported.is_known
                """),
            ImportCheck(
                .referenceNumber,
                """
                SELECT line, 'reference number ' || imported.reference_number || ' names charge ' || history.number
                    || ' already'
                FROM imported JOIN countersign.charge_history AS history USING (operator_id, reference_number)
                WHERE history.takes_reference AND NOT is_known
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
        FROM countersign.charge
        WHERE charge.operator_id = imported.operator_id
            AND (charge.number = imported.number OR charge.provider_charge_id = imported.provider_charge_id)
            AND \(ImportComparison.differences) = ''
        """

    /// The batch of decisions on charges that were already processed elsewhere. They are no news for the provider: the
    /// batch has no row, so that it is never published.
    private static let neverPublished = "'00000000-0000-0000-0000-000000000000'::uuid"

    /// Numbers the lines without a number, from the operator's own counter, which first passes every number of its form
    /// in the file. Then it writes the charges and their decisions.
    static let insert = """
        WITH fresh AS (
            SELECT imported.*, count(*) FILTER (WHERE number IS NULL) OVER numbering AS place
            FROM imported WHERE NOT is_known
            WINDOW numbering AS (PARTITION BY operator_id ORDER BY line)
        ), needed AS (
            SELECT operator_id,
                count(*) FILTER (WHERE number IS NULL) AS count,
                max(substr(number, 2)::bigint) FILTER (WHERE number ~ '^I[0-9]{8,18}$') AS highest
            FROM fresh GROUP BY operator_id
        ), counted AS (
            UPDATE countersign.operator
            SET next_charge_number = greatest(operator.next_charge_number, needed.highest + 1) + needed.count
            FROM needed WHERE operator.operator_id = needed.operator_id
            RETURNING operator.operator_id, operator.next_charge_number - needed.count AS first
        ), numbered AS (
            SELECT fresh.*,
                coalesce(
                    fresh.number,
                    'I' || lpad((counted.first + fresh.place - 1)::text, greatest(8, length((counted.first + fresh.place - 1)::text)), '0')
                ) AS final_number
            FROM fresh JOIN counted USING (operator_id)
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
        SELECT count(*) FROM charges
        """
}
