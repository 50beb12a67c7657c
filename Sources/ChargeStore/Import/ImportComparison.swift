/// The comparison of an imported line with the charge that exists under its number or identifier.
enum ImportComparison {
    /// An expression over the rows `imported` and `charge`: the names of the columns that the line has and that differ
    /// from what is stored, separated by commas; the empty text if there are none.
    ///
    /// Money is compared digit for digit, and times to the second, which is all that a file can say. The decision is
    /// compared with the charge's first one, so that a decision made here since then is no difference.
    static let differences = """
        concat_ws(', ',
            CASE WHEN charge.number <> imported.number THEN 'number' END,
            CASE WHEN imported.provider_charge_id IS NOT NULL
                    AND charge.provider_charge_id IS DISTINCT FROM imported.provider_charge_id
                THEN 'provider_charge_id' END,
            CASE WHEN charge.billing_system_customer_identifier <> imported.billing_system_customer_identifier
                THEN 'billing_system_customer_identifier' END,
            CASE WHEN charge.amount::text <> imported.amount::text THEN 'amount' END,
            CASE WHEN charge.currency <> imported.currency THEN 'currency' END,
            CASE WHEN charge.local_currency_amount::text <> imported.local_currency_amount::text
                THEN 'local_currency_amount' END,
            CASE WHEN charge.local_currency <> imported.local_currency THEN 'local_currency' END,
            CASE WHEN charge.paid_through_date <> imported.paid_through_date THEN 'paid_through_date' END,
            CASE WHEN date_trunc('second', charge.received_on::timestamptz) <> imported.received_on
                THEN 'received_on' END,
            CASE WHEN charge.charge_status <> imported.charge_status THEN 'charge_status' END,
            CASE WHEN charge.charge_status = imported.charge_status AND date_trunc('second', coalesce(
                    charge.set_as_approved_on, charge.set_as_declined_on, charge.set_as_bad_request_on,
                    charge.set_as_rejected_request_on)) <> imported.processed_on
                THEN CASE charge.charge_status
                    WHEN 'APPROVED' THEN 'set_as_approved_on'
                    WHEN 'DECLINED' THEN 'set_as_declined_on'
                    WHEN 'BAD_REQUEST' THEN 'set_as_bad_request_on'
                    ELSE 'set_as_rejected_request_on' END
                END,
            CASE WHEN imported.decision IS NOT NULL THEN (
                SELECT nullif(concat_ws(', ',
                    CASE WHEN first.kind IS DISTINCT FROM imported.decision THEN 'decision' END,
                    CASE WHEN date_trunc('second', first.made_on::timestamptz) IS DISTINCT FROM imported.decided_on
                        THEN 'decided_on' END,
                    CASE WHEN imported.reference_number IS NOT NULL
                            AND first.reference_number IS DISTINCT FROM imported.reference_number
                        THEN 'reference_number' END), '')
                FROM (VALUES (1)) AS one (revision)
                LEFT JOIN countersign.charge_history AS first
                    ON first.operator_id = charge.operator_id AND first.number = charge.number
                    AND first.revision = one.revision) END,
            CASE WHEN (charge.acknowledged_on IS NOT NULL) <> imported.acknowledged THEN 'acknowledged' END,
            CASE WHEN date_trunc('second', charge.acknowledged_on) <> imported.acknowledged_on
                THEN 'acknowledged_on' END)
        """
}
