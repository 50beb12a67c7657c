import Charges
import LibPQ

/// A reconciliation by its operator and number.
struct ReconciliationKey: OperatorRead, Equatable {
    let operatorIdentifier: OperatorIdentifier
    let number: Int

    /// The number as the database has it.
    fileprivate var storedNumber: Int32 { Int32(clamping: number) }
}

/// A reconciliation on which a worker works.
struct ReconciliationWork: Sendable {
    let key: ReconciliationKey
    let worker: PostgresUUID

    fileprivate var operatorIdentifier: OperatorIdentifier { key.operatorIdentifier }
    fileprivate var number: Int32 { key.storedNumber }
}

/// A reconciliation that is to begin.
struct NewReconciliation: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let parameters: ReconciliationParameters
    let username: String?
    let idempotencyKey: ExactText?
    let worker: PostgresUUID

    fileprivate var unfinishedLimit: Int32 { 8 }
    fileprivate var format: String { parameters.format.rawValue }
    fileprivate var statement: Int32? { parameters.statement.map { Int32(clamping: $0) } }
}

/// What became of a reconciliation that was to begin.
struct CreatedReconciliation: Sendable {
    let number: Int?
    let isNew: Bool?
    let refusal: Refusal?

    enum Refusal: String, PostgresCodable {
        case emptyPeriod = "EMPTY_PERIOD"
        case keyReused = "KEY_REUSED"
        case stillReceiving = "STILL_RECEIVING"
        case tooMany = "TOO_MANY"
    }
}

extension ReconciledDecision: PostgresCodable {}
extension ReconciliationClass: PostgresCodable {}
extension ReconciliationTotal.Side: PostgresCodable {}
extension Reconciliation.State: PostgresCodable {}

extension Statement where Input == NewReconciliation, Row == CreatedReconciliation {
    /// Begins a reconciliation, or finds the one of the same key. There is no row for a statement that is not there.
    static let createReconciliation = Statement(
        "create_reconciliation",
        """
        SELECT new_number, is_new, refusal
        FROM (
            SELECT
                coalesce(
                    statement.begins_on AT TIME ZONE operator.zone,
                    \(\.parameters.from)::timestamptz AT TIME ZONE 'UTC') AS from_local,
                coalesce(
                    statement.ends_on AT TIME ZONE operator.zone,
                    \(\.parameters.to)::timestamptz AT TIME ZONE 'UTC') AS to_local
            FROM countersign.operator
            LEFT JOIN countersign.statement
                ON statement.operator_id = operator.operator_id AND statement.number = \(\.statement)
            WHERE operator.operator_id = \(\.operatorIdentifier)
                AND (\(\.statement)::integer IS NULL OR statement.number IS NOT NULL)
        ) AS period,
        LATERAL countersign.create_reconciliation(
            \(\.operatorIdentifier), period.from_local, period.to_local, \(\.parameters.decision), \(\.format),
            \(\.parameters.name), \(\.username), \(\.idempotencyKey), \(\.worker), \(\.unfinishedLimit))
        """,
        row: CreatedReconciliation.init)
}

/// The rows that were copied in the same transaction.
struct AppendedRows: Sendable {
    let work: ReconciliationWork
    let rows: Int
    let bytesSoFar: Int
}

extension Statement where Input == AppendedRows, Row == Void {
    /// Notes rows. It fails if the upload has been given up.
    static let appendReconciliationRows = Statement(
        "append_reconciliation_rows",
        """
        SELECT FROM countersign.append_reconciliation_rows(
            \(\.work.operatorIdentifier), \(\.work.number), \(\.work.worker), \(\.rows), \(\.bytesSoFar))
        """)
}

/// The end of an upload.
struct UploadEnd: Sendable {
    let work: ReconciliationWork
    let bytes: Int
    let digest: [UInt8]
    /// Whether the worker compares the file itself, so that no other one is to begin.
    let comparesItself: Bool
}

extension Statement where Input == UploadEnd, Row == Bool {
    /// Ends an upload. False if it has been given up.
    static let endReconciliationUpload = Statement(
        "end_reconciliation_upload",
        """
        SELECT countersign.end_reconciliation_upload(
            \(\.work.operatorIdentifier), \(\.work.number), \(\.work.worker), \(\.bytes), \(\.digest),
            \(\.comparesItself))
        """)
}

/// The reason why an upload fails.
struct UploadFailure: Sendable {
    let work: ReconciliationWork
    let line: Int?
    let reason: String
}

extension Statement where Input == UploadFailure, Row == Void {
    /// Marks a reconciliation as failed whose file is coming in.
    static let failReconciliationUpload = Statement(
        "fail_reconciliation_upload",
        """
        SELECT FROM countersign.fail_reconciliation_upload(
            \(\.work.operatorIdentifier), \(\.work.number), \(\.work.worker), \(\.line), \(\.reason))
        """)
}

/// The reconciliation that a worker wants: any, or the given one.
struct ReconciliationClaim: Sendable {
    let worker: PostgresUUID
    let key: ReconciliationKey?

    fileprivate var operatorIdentifier: OperatorIdentifier? { key?.operatorIdentifier }
    fileprivate var number: Int32? { key?.storedNumber }
}

extension Statement where Input == ReconciliationClaim, Row == ReconciliationKey? {
    /// Gives a worker a reconciliation to compare; `nil` if there is none.
    static let claimReconciliation = Statement(
        "claim_reconciliation",
        """
        SELECT claimed_operator, claimed_number
        FROM countersign.claim_reconciliation(\(\.worker), \(\.operatorIdentifier), \(\.number))
        """,
        row: { (operatorIdentifier: OperatorIdentifier?, number: Int?) in
            operatorIdentifier.flatMap { operatorIdentifier in
                number.map { ReconciliationKey(operatorIdentifier: operatorIdentifier, number: $0) }
            }
        })
}

/// The next part of a comparison.
struct ReconciliationSlice: Sendable {
    let work: ReconciliationWork
    var rows: Int32 = 50_000
    var differenceLimit: Int32 = 100_000
}

extension Statement where Input == ReconciliationSlice, Row == Bool {
    /// Does the next part of a comparison, and returns whether there is more to do.
    static let compareReconciliationSlice = Statement(
        "compare_reconciliation_slice",
        """
        SELECT countersign.compare_reconciliation_slice(
            \(\.work.operatorIdentifier), \(\.work.number), \(\.work.worker), \(\.rows),
            \(\.differenceLimit))
        """)
}

/// The reconciliations of an operator to be read: newest first, those before a number.
struct ReconciliationListInput: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let before: Int?
    let count: Int
}

extension Statement where Input == ReconciliationListInput, Row == Reconciliation {
    /// Reads reconciliations, newest first.
    static let reconciliationList = Statement(
        "reconciliation_list",
        """
        SELECT
            job.operator_id, job.number, job.state, job.begins_on, job.ends_on, job.decision, job.name, job.username,
            job.created_on, job.as_of, job.finished_on, job.rows, job.bytes, job.file_digest, job.compared_rows,
            job.differences, job.kept_differences,
            (SELECT count(*) FROM countersign.reconciliation_closing AS closing
                WHERE closing.operator_id = job.operator_id AND closing.reconciliation_number = job.number),
            job.fault_line, job.fault
        FROM countersign.reconciliation AS job
        WHERE job.operator_id = \(\.operatorIdentifier) AND job.number < coalesce(\(\.before), 2147483648)
        ORDER BY job.number DESC LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in
            Reconciliation(
                operatorIdentifier: try row.next(), number: try row.next(), state: try row.next(),
                beginsOn: try row.next(), endsOn: try row.next(), decision: try row.next(),
                name: try row.next(),
                username: try row.next(), createdOn: try row.next(), asOf: try row.next(),
                finishedOn: try row.next(), rows: try row.next(), bytes: try row.next(),
                fileDigest: try row.next(),
                comparedRows: try row.next(), differences: try row.next(), keptDifferences: try row.next(),
                closedDifferences: try row.next(), failure: try row.nextFileFault())
        })
}

extension RowReader {
    fileprivate mutating func nextFileFault() throws(PostgresError) -> ReconciliationFileFault? {
        let line: Int? = try next()
        let reason: String? = try next()
        return reason.map { ReconciliationFileFault(line: line, $0) }
    }

    fileprivate mutating func nextValues() throws(PostgresError) -> ReconciledValues {
        ReconciledValues(
            number: try next(), referenceNumber: try next(), customer: try next(), amount: try next(),
            currency: try next(), localCurrencyAmount: try next(), localCurrency: try next(),
            decision: try next(),
            chargeStatus: try next())
    }
}

extension Statement where Input == ReconciliationKey, Row == ReconciliationTotal {
    /// Reads a reconciliation's totals, in the order of the classes.
    static let reconciliationTotals = Statement(
        "reconciliation_totals",
        """
        SELECT
            class, side, currency, local_currency, rows, amount::text, local_currency_amount::text,
            amount_difference::text, local_currency_amount_difference::text
        FROM countersign.reconciliation_total
        WHERE operator_id = \(\.operatorIdentifier) AND reconciliation_number = \(\.storedNumber)
        ORDER BY
            array_position(ARRAY[\(raw: classes)], class), side DESC, currency, local_currency
        """,
        row: ReconciliationTotal.init)

    private static var classes: String {
        ReconciliationClass.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }
}

/// The differences to be read: those after an identifier.
struct DifferenceListInput: OperatorRead {
    let key: ReconciliationKey
    let after: Int64
    let reconciliationClass: ReconciliationClass?
    let count: Int

    var operatorIdentifier: OperatorIdentifier { key.operatorIdentifier }
}

extension Statement where Input == DifferenceListInput, Row == ReconciliationDifference {
    /// Reads differences, in the order of their identifiers.
    static let reconciliationDifferences = Statement(
        "reconciliation_differences",
        """
        SELECT
            identifier, class, line, difference.reason, fields, other_number, there_number, there_reference_number,
            there_customer, there_amount::text, there_currency, there_local_currency_amount::text,
            there_local_currency, there_decision, there_charge_status, here_number, here_reference_number,
            here_customer, here_amount::text, here_currency, here_local_currency_amount::text, here_local_currency,
            here_decision, here_charge_status, here_decided_on, is_imported, closing.reason, closing.username,
            closing.closed_on
        FROM countersign.reconciliation_difference AS difference
        LEFT JOIN countersign.reconciliation_closing AS closing USING (operator_id, reconciliation_number, identifier)
        WHERE operator_id = \(\.key.operatorIdentifier) AND reconciliation_number = \(\.key.storedNumber)
            AND identifier > \(\.after) AND class = coalesce(\(\.reconciliationClass), class)
        ORDER BY identifier LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in
            let identifier: Int64 = try row.next()
            let reconciliationClass: ReconciliationClass = try row.next()
            let line: Int64? = try row.next()
            let reason: String? = try row.next()
            let fields: [String] = try row.next()
            let otherNumber: ExactText? = try row.next()
            let there = try row.nextValues()
            let here = try row.nextValues()
            let decidedOn: Timestamp? = try row.next()
            let isImported: Bool = try row.next()
            let closingReason: String? = try row.next()
            let username: String? = try row.next()
            let closedOn: Timestamp? = try row.next()
            let closing = closingReason.flatMap { reason in
                closedOn.map {
                    ReconciliationClosing(
                        difference: identifier, reason: reason, username: username, closedOn: $0)
                }
            }
            return ReconciliationDifference(
                identifier: identifier, reconciliationClass: reconciliationClass, line: line, reason: reason,
                fields: fields, otherNumber: otherNumber, there: line == nil ? nil : there,
                here: here.number == nil ? nil : here, decidedOn: decidedOn, isImported: isImported,
                closing: closing)
        })
}

/// Differences to be closed, in arrays of equal length.
struct DifferenceClosings: OperatorRead {
    let key: ReconciliationKey
    let identifiers: [Int64]
    let reasons: [String]
    let username: String?

    var operatorIdentifier: OperatorIdentifier { key.operatorIdentifier }
}

extension Statement where Input == DifferenceClosings, Row == Int64? {
    /// Closes differences, all or none. It returns the first that does not exist.
    static let closeReconciliationDifferences = Statement(
        "close_reconciliation_differences",
        """
        SELECT countersign.close_reconciliation_differences(
            \(\.key.operatorIdentifier), \(\.key.storedNumber), \(\.identifiers), \(\.reasons), \(\.username))
        """)
}

extension Statement where Input == DifferenceClosings, Row == ReconciliationClosing {
    /// Reads the closings of differences.
    static let reconciliationClosings = Statement(
        "reconciliation_closings",
        """
        SELECT identifier, reason, username, closed_on FROM countersign.reconciliation_closing
        WHERE operator_id = \(\.key.operatorIdentifier) AND reconciliation_number = \(\.key.storedNumber)
            AND identifier = ANY (\(\.identifiers))
        ORDER BY identifier
        """,
        row: ReconciliationClosing.init)
}
