package import Charges
import LibPQ

extension AdministrationSession {
    /// Reads one charge of an operator with all its decisions; `nil` if the operator has no such charge.
    package func charge(number: ExactText, operatorCode: String) throws(AdministrationFailure) -> Charge? {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        guard !number.containsNul else { return nil }
        let key = ChargeKey(operatorIdentifier: operatorIdentifier, name: number)
        return ChargeRow.charge(try read(.chargeByNumber, key, doing: "looking for the charge"))
    }

    /// Reads any number of charges of an operator, oldest first: by the time of receipt, then by number. All are of one
    /// snapshot. A standby serves as well.
    ///
    /// The cursor is one WITH HOLD: the commit runs its query to the end and keeps the rows in temporary files of the
    /// server. So the snapshot, which holds back vacuum, ends before the first row is taken, however slowly the caller
    /// writes the rows away.
    ///
    /// - Parameter take: A callback that takes the charges, up to 1000 at a time.
    /// - Throws: `AdministrationFailure`, or what the callback threw.
    package func charges(
        of operatorCode: String, _ selection: ChargeSelection, take: ([ChargeRecord]) throws -> Void
    ) throws {
        let purpose = "listing the charges"
        let input = SelectedCharges(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), selection: selection)
        // All rows of the cursor are read. They are sorted on disk if there are many.
        try execute(
            """
            BEGIN READ ONLY;
            SET LOCAL statement_timeout = 0;
            SET LOCAL work_mem = '64MB';
            SET LOCAL cursor_tuple_fraction = 1;
            SET LOCAL jit = off
            """, doing: purpose)
        do throws(AdministrationFailure) {
            _ = try read(.declareSelectedCharges, input, doing: purpose)
            try execute("COMMIT", doing: purpose, timeout: Self.chargesTimeout)
        } catch {
            try? execute("ROLLBACK", doing: purpose)
            throw error
        }
        var charges: [ChargeRecord]
        repeat {
            charges = try run(.fetchSelectedCharges, (), doing: purpose)
            try take(charges)
        } while !charges.isEmpty
        try execute("CLOSE selected_charges", doing: purpose)
    }

    /// The time that the query of the charges may take.
    private static let chargesTimeout = Duration.seconds(3600)
}

/// The charges of an operator to read. An unset property selects all.
package struct ChargeSelection: Sendable {
    /// The customer, which need not be one that can exist.
    package var customer: ExactText?
    package var statuses: [ChargeStatus] = ChargeStatus.allCases
    /// The first moment of receipt.
    package var from: Timestamp?
    /// The first moment of receipt after the period.
    package var to: Timestamp?

    package init() {}
}

/// The input of the charges' cursor.
struct SelectedCharges: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let selection: ChargeSelection
}

extension Statement where Input == SelectedCharges, Row == Void {
    /// Opens the cursor. It is planned with the values of its parameters, so that what is not selected by costs nothing.
    static let declareSelectedCharges = Statement(
        "",
        """
        DECLARE selected_charges NO SCROLL CURSOR WITH HOLD FOR
        SELECT \(raw: ChargeRecord.columns)
        FROM countersign.charge
        WHERE charge.operator_id = \(\.operatorIdentifier)
            AND (\(\.selection.customer)::text IS NULL
                OR charge.billing_system_customer_identifier = \(\.selection.customer))
            AND charge.charge_status = ANY (\(\.selection.statuses))
            AND charge.received_on >= coalesce(\(\.selection.from), timestamptz '-infinity')
            AND charge.received_on < coalesce(\(\.selection.to), timestamptz 'infinity')
        ORDER BY charge.received_on, charge.number
        """)
}

extension Statement where Input == Void, Row == ChargeRecord {
    static let fetchSelectedCharges = Statement(
        "", "FETCH 1000 FROM selected_charges",
        decode: { (row: inout RowReader) throws(PostgresError) in try row.nextChargeRecord() })
}
