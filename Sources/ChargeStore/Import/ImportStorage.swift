import LibPQ

/// The lines of an import that are to be stored: how many, and in how many pages of their table they lie.
struct ImportExtent: Sendable {
    let lines: Int
    let pages: Int

    /// The pages in slices of a second or so, by which progress is shown.
    var slices: [ImportSlice] {
        stride(from: 0, to: pages, by: 500).map { ImportSlice(firstPage: $0, endPage: min($0 + 500, pages)) }
    }
}

/// A slice of an import: pages of the table that COPY fills.
struct ImportSlice: Sendable {
    let firstPage: Int
    let endPage: Int

    /// The condition for its lines: those that are not known yet, read by their pages (manual, 54.7, "ctid").
    fileprivate static let condition: SQL<ImportSlice> = """
        NOT is_known
            AND ctid >= format('(%s,0)', \(\.firstPage))::tid AND ctid < format('(%s,0)', \(\.endPage))::tid
        """
}

extension Statement where Input == Void, Row == NeededNumbers {
    /// The numbers that each operator needs: how many, and the highest one in the file that its counter must exceed. A
    /// counter is not raised beyond 15 digits, so that no file can use it up; taken numbers above are passed over when
    /// they are reached. Numbers of another form, with a zero in front of nine digits say, are never made.
    static let neededNumbers = Statement(
        "",
        """
        SELECT operator_id,
            count(*) FILTER (WHERE number IS NULL),
            max(substr(number, 2)::bigint) FILTER (WHERE number ~ '^I([0-9]{8}|[1-9][0-9]{8,14})$')
        FROM imported WHERE NOT is_known
        GROUP BY operator_id ORDER BY operator_id
        """, row: NeededNumbers.init)
}

extension Statement where Input == Void, Row == Void {
    /// Gives the drawn numbers to the lines that have none.
    static let numberImported = Statement(
        "",
        """
        UPDATE imported SET number = drawn.number
        FROM (
            SELECT line, operator_id, row_number() OVER (PARTITION BY operator_id ORDER BY line) AS place
            FROM imported WHERE number IS NULL AND NOT is_known
        ) AS fresh
        JOIN drawn USING (operator_id, place)
        WHERE imported.line = fresh.line
        """)
}

extension Statement where Input == Void, Row == ImportExtent {
    static let importExtent = Statement(
        "",
        """
        SELECT
            (SELECT count(*) FROM imported WHERE NOT is_known),
            pg_relation_size('imported') / current_setting('block_size')::bigint
        """, row: ImportExtent.init)
}

extension Statement where Input == ImportSlice, Row == Void {
    /// Writes the charges. A charge that came in by another way meanwhile is a unique violation.
    static let insertImportedCharges = Statement(
        "insert_imported_charges",
        """
        INSERT INTO countersign.charge (
            operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
            local_currency_amount, local_currency, paid_through_date, charge_status, received_on, imported_on,
            set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on,
            acknowledged_on, revision, decision, decided_on, decision_made_by, decision_reference_number)
        SELECT
            operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
            local_currency_amount, local_currency, paid_through_date, coalesce(charge_status, 'PENDING'),
            -- What was decided or processed earlier had come in by then.
            coalesce(received_on, least(decided_on, processed_on, transaction_timestamp())),
            transaction_timestamp(),
            CASE charge_status WHEN 'APPROVED' THEN processed_on END,
            CASE charge_status WHEN 'DECLINED' THEN processed_on END,
            CASE charge_status WHEN 'BAD_REQUEST' THEN processed_on END,
            CASE charge_status WHEN 'REJECTED' THEN processed_on END,
            CASE WHEN acknowledged THEN coalesce(acknowledged_on, transaction_timestamp()) END,
            CASE WHEN decision IS NULL THEN 0 ELSE 1 END, decision, decided_on,
            CASE WHEN decision IS NOT NULL THEN 'operator' END, reference_number
        FROM imported WHERE \(ImportSlice.condition)
        ORDER BY operator_id, number
        """)

    /// Writes the decisions on charges that were already processed elsewhere. They are no news for the provider: their
    /// batch has no row, so that it is never published.
    static let insertFinalDecisions = Statement(
        "insert_final_decisions",
        """
        INSERT INTO countersign.charge_history (\(raw: historyColumns))
        SELECT \(raw: historyValues), '00000000-0000-0000-0000-000000000000'
        FROM imported WHERE decision IS NOT NULL AND processed_on IS NOT NULL AND \(ImportSlice.condition)
        ORDER BY operator_id, number
        """)

    /// Writes the decisions that the provider has not processed yet, in batches that the feed publishes.
    static let insertOpenDecisions = Statement(
        "insert_open_decisions",
        """
        WITH open AS (
            SELECT imported.*, (row_number() OVER (ORDER BY operator_id, number) - 1) / 500 AS batch_number
            FROM imported WHERE decision IS NOT NULL AND processed_on IS NULL AND \(ImportSlice.condition)
        ), identified AS MATERIALIZED (
            SELECT batch_number, gen_random_uuid() AS batch_id FROM open GROUP BY batch_number
        ), history AS (
            INSERT INTO countersign.charge_history (\(raw: historyColumns))
            SELECT \(raw: historyValues), batch_id
            FROM open JOIN identified USING (batch_number) ORDER BY operator_id, number
            RETURNING batch_id
        )
        INSERT INTO countersign.batch (batch_id, decisions) SELECT batch_id, count(*) FROM history GROUP BY batch_id
        """)

    private static let historyColumns =
        "operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id"
    private static let historyValues =
        "operator_id, number, 1, decision, 'operator', decided_on, reference_number, reference_number IS NOT NULL"
}
