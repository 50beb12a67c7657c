import Charges
import LibPQ

/// The rows of a file that have been read and not yet stored, by column. Row security rules out COPY, so they are
/// stored from arrays.
struct ReconciliationRows: Sendable {
    /// The bytes at which the rows are stored: a transaction of well under a second.
    static let preferredBytes = 2 * 1024 * 1024

    fileprivate let key: ReconciliationKey
    /// About the size of the rows, in bytes.
    private(set) var bytes = 0
    fileprivate var lines: [Int64] = []
    fileprivate var chargeNumbers: [String] = []
    /// The values of each column, in the order of `ReconciliationColumn.allCases`.
    fileprivate var columns: [[String?]] = ReconciliationColumn.allCases.map { _ in [] }
    fileprivate var faults: [String?] = []

    init(_ key: ReconciliationKey) {
        self.key = key
    }

    var count: Int { lines.count }

    mutating func removeAll() {
        self = ReconciliationRows(key)
    }

    mutating func append(_ row: ReconciliationRow) {
        lines.append(Int64(row.line))
        chargeNumbers.append(row.chargeNumber ?? "")
        for (column, value) in row.values.enumerated() {
            columns[column].append(value)
            bytes += value?.utf8.count ?? 0
        }
        faults.append(row.fault)
        bytes += Self.bytesBesideValues + (row.chargeNumber?.utf8.count ?? 0) + (row.fault?.utf8.count ?? 0)
    }

    /// The bytes of a row's line and of the lengths of its values.
    private static let bytesBesideValues = 56

    /// Stores the rows, with their number, in one transaction and round trip.
    ///
    /// - Throws: `PostgresError`; nothing is stored then, or the connection is unusable.
    func store(
        for work: ReconciliationWork, bytesSoFar: Int, on connection: Connection,
        deadline: ContinuousClock.Instant
    ) throws(PostgresError) {
        var pipeline = Pipeline()
        if count > 0 { try pipeline.add(.addReconciliationRows, self) }
        try pipeline.add(
            .appendReconciliationRows, AppendedRows(work: work, rows: count, bytesSoFar: bytesSoFar))
        _ = try connection.run(pipeline, deadline: deadline)
    }
}

extension Statement where Input == ReconciliationRows, Row == Void {
    /// Stores rows of a file.
    static let addReconciliationRows = Statement(
        "add_reconciliation_rows",
        """
        INSERT INTO countersign.reconciliation_row (
            operator_id, reconciliation_number, line, charge_number, number, reference_number, customer, amount,
            currency, local_currency_amount, local_currency, decision, charge_status, fault
        )
        SELECT
            \(\.key.operatorIdentifier), \(\.key.storedNumber), line, charge_number, number, reference_number, customer,
            amount::numeric, currency, local_currency_amount::numeric, local_currency, decision, charge_status, fault
        FROM unnest(
            \(\.lines), \(\.chargeNumbers), \(\.columns[0]), \(\.columns[1]), \(\.columns[2]), \(\.columns[3]),
            \(\.columns[4]), \(\.columns[5]), \(\.columns[6]), \(\.columns[7]), \(\.columns[8]), \(\.faults)
        ) AS row (
            line, charge_number, number, reference_number, customer, amount, currency, local_currency_amount,
            local_currency, decision, charge_status, fault)
        """)
}
