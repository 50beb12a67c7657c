import Charges

/// The statements of an import up to its checks, in the order in which they run.
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

    static let copy = """
        COPY imported (\(columns.map(\.name).joined(separator: ", ")), operator_id) FROM STDIN
        """

    /// Locks the operators against other imports, which wait until this one has ended. Nobody else waits: the import locks
    /// no row of an operator, beyond what a foreign key does.
    static let prepare = """
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
            SELECT operator_id, \(column), min(line) AS first_line
            FROM imported WHERE \(column) IS NOT NULL
            GROUP BY operator_id, \(column) HAVING count(*) > 1
        ) AS repeated
        JOIN imported USING (operator_id, \(column))
        WHERE line > first_line
        """
    }

    /// Marks the lines whose charge exists with the same content. Values that the line does not have are not compared.
    static let markKnown = """
        UPDATE imported SET is_known = true
        WHERE EXISTS (SELECT FROM \(named) WHERE \(ImportComparison.differences) = '')
        """
}
