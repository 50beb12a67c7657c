import Charges
import LibPQ

/// The rows of a file that have been read and not yet stored, in COPY's text format.
struct ReconciliationRows: Sendable {
    /// The bytes at which the rows are stored: a transaction of well under a second.
    static let preferredBytes = 2 * 1024 * 1024

    private let prefix: [UInt8]
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    init(_ key: ReconciliationKey) {
        prefix = Array("\(key.operatorIdentifier.value)\t\(key.number)\t".utf8)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        count = 0
    }

    mutating func append(_ row: ReconciliationRow) {
        bytes += prefix
        bytes += Array(String(row.line).utf8)
        bytes.append(UInt8(ascii: "\t"))
        CopyText.append(row.chargeNumber ?? "", to: &bytes)
        for value in row.values {
            bytes.append(UInt8(ascii: "\t"))
            CopyText.append(value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\t"))
        CopyText.append(row.fault, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        count += 1
    }

    private static let copy = """
        COPY countersign.reconciliation_row (
            reconciliation_operator_id, reconciliation_number, line, charge_number, number, reference_number, customer,
            amount, currency, local_currency_amount, local_currency, decision, charge_status, fault
        ) FROM STDIN
        """

    /// Stores the rows, with their number, in one transaction.
    ///
    /// - Throws: `PostgresError`; nothing is stored then, or the connection is unusable.
    func store(
        for work: ReconciliationWork, bytesSoFar: Int, on connection: Connection,
        deadline: ContinuousClock.Instant
    ) throws(PostgresError) {
        try connection.execute("BEGIN", deadline: deadline)
        do {
            if count > 0 {
                _ = try connection.copyIn(Self.copy, deadline: deadline) { writer in
                    var rest = bytes[...]
                    while !rest.isEmpty {
                        let part = rest.prefix(64 * 1024)
                        try writer.write(Array(part))
                        rest = rest.dropFirst(part.count)
                    }
                }
            }
            try connection.run(
                .appendReconciliationRows, AppendedRows(work: work, rows: count, bytesSoFar: bytesSoFar),
                deadline: deadline)
            try connection.execute("COMMIT", deadline: deadline)
        } catch {
            try? connection.execute("ROLLBACK", deadline: deadline)
            throw error as? PostgresError ?? .connectionFailed("\(error)")
        }
    }
}
