import Charges
import LibPQ

/// A decision file by its operator and number.
struct DecisionFileKeyInput: OperatorRead, Equatable {
    let operatorIdentifier: OperatorIdentifier
    let number: Int

    /// The number as the database has it.
    var storedNumber: Int32 { Int32(clamping: number) }
}

/// A decision file that is to be stored.
struct NewDecisionFile: Sendable {
    let login: DecisionFileLogin
    let name: String?
    let action: ChargeAction
    let idempotencyKey: ExactText?
    let digest: [UInt8]
    /// Why the file cannot be read; there are no entries then.
    let fault: DecisionFileFault?
    let entries: [DecisionFileEntry]

    fileprivate var faultLine: Int32? { fault?.line.map { Int32(clamping: $0) } }
    fileprivate var faultReason: String? { fault?.reason }
    fileprivate var lines: [Int32] { entries.map { Int32(clamping: $0.line) } }
    fileprivate var numbers: [ExactText?] { entries.map(\.number) }
    fileprivate var customers: [ExactText?] { entries.map(\.customer) }
    fileprivate var referenceNumbers: [ExactText?] { entries.map(\.referenceNumber) }
    fileprivate var faults: [String?] { entries.map(\.fault) }
    fileprivate var unfinishedLimit: Int32 { Int32(OperatorLimits.unfinishedDecisionFiles) }
    fileprivate var keptLimit: Int32 { Int32(OperatorLimits.keptDecisionFiles) }
}

/// What became of a file that was to be stored.
struct CreatedDecisionFile: Sendable {
    let number: Int?
    let isNew: Bool?
    let refusal: DecisionFileRefusal?
}

/// Why the database does not do something with a file.
enum DecisionFileRefusal: String, PostgresCodable {
    case operatorSuspended = "OPERATOR_SUSPENDED"
    case loginEnded = "LOGIN_ENDED"
    case notPermitted = "NOT_PERMITTED"
    case keyReused = "KEY_REUSED"
    case tooManyUnfinished = "TOO_MANY_UNFINISHED"
    case tooManyKept = "TOO_MANY_KEPT"
    case notFound = "NOT_FOUND"
    case wrongState = "WRONG_STATE"

    var failure: DecisionFileFailure {
        switch self {
        case .operatorSuspended: .notPermitted(.operatorSuspended)
        case .loginEnded: .notPermitted(.loginEnded)
        case .notPermitted: .notPermitted(.notPermitted)
        case .keyReused: .idempotencyKeyReused
        case .tooManyUnfinished: .tooManyUnfinished
        case .tooManyKept: .tooManyKept
        case .notFound: .noSuchFile
        case .wrongState: .wrongState
        }
    }
}

extension DecisionFile.State: PostgresCodable {}
extension DecisionFile.PauseReason: PostgresCodable {}

extension DecisionFileLogin {
    fileprivate var storedOperatorGeneration: Int32 { Int32(clamping: operatorGeneration) }
    fileprivate var storedLoginGeneration: Int32 { Int32(clamping: loginGeneration) }
}

extension Statement where Input == NewDecisionFile, Row == CreatedDecisionFile {
    /// Stores a file, or finds the one of the same key.
    static let createDecisionFile = Statement(
        "create_decision_file",
        """
        SELECT new_number, is_new, refusal FROM countersign.create_decision_file(
            \(\.login.operatorIdentifier), \(\.name), \(\.action), \(\.login.username),
            \(\.login.storedOperatorGeneration), \(\.login.storedLoginGeneration), \(\.idempotencyKey), \(\.digest),
            \(\.faultLine), \(\.faultReason), \(\.lines), \(\.numbers), \(\.customers), \(\.referenceNumbers),
            \(\.faults), \(\.unfinishedLimit), \(\.keptLimit))
        """,
        row: CreatedDecisionFile.init)
}

/// What a login does with a file.
struct DecisionFileOrder: Sendable {
    let number: Int
    let login: DecisionFileLogin
    /// The state that the file must have to be started or resumed.
    var fromState: DecisionFile.State = .checked

    fileprivate var storedNumber: Int32 { Int32(clamping: number) }
}

extension Statement where Input == DecisionFileOrder, Row == DecisionFileRefusal? {
    /// Starts or resumes a file.
    static let runDecisionFile = Statement(
        "run_decision_file",
        """
        SELECT countersign.run_decision_file(
            \(\.login.operatorIdentifier), \(\.storedNumber), \(\.login.username),
            \(\.login.storedOperatorGeneration), \(\.login.storedLoginGeneration), \(\.fromState))
        """)

    /// Cancels a file.
    static let cancelDecisionFile = Statement(
        "cancel_decision_file",
        """
        SELECT countersign.cancel_decision_file(
            \(\.login.operatorIdentifier), \(\.storedNumber), \(\.login.username),
            \(\.login.storedOperatorGeneration), \(\.login.storedLoginGeneration))
        """)
}

/// The files of an operator to be read: newest first, those before a number.
struct DecisionFileListInput: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let before: Int?
    let count: Int
}

extension Statement where Input == DecisionFileListInput, Row == DecisionFile {
    /// Reads files, newest first.
    static let decisionFileList = Statement(
        "decision_file_list",
        """
        SELECT
            file.operator_id, file.number, file.name, file.action, file.state, file.uploaded_by, file.uploaded_on,
            file.rows, file.file_digest, file.username, file.role, file.checked_rows, file.decided_rows,
            file.started_on, file.finished_on, file.pause_reason, file.cancelled_by, file.fault_line, file.fault
        FROM countersign.decision_file AS file
        WHERE file.operator_id = \(\.operatorIdentifier) AND file.number < coalesce(\(\.before), 2147483648)
        ORDER BY file.number DESC LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in
            DecisionFile(
                operatorIdentifier: try row.next(), number: try row.next(), name: try row.next(),
                action: try row.next(), state: try row.next(), uploadedBy: try row.next(),
                uploadedOn: try row.next(), rows: try row.next(), fileDigest: try row.next(),
                username: try row.next(), role: try row.next(), checkedRows: try row.next(),
                decidedRows: try row.next(), startedOn: try row.next(), finishedOn: try row.next(),
                pauseReason: try row.next(), cancelledBy: try row.next(),
                failure: try row.nextDecisionFileFault())
        })
}

/// The number of a file's rows of one kind.
struct DecisionFileRowCount: Sendable {
    let hasFault: Bool
    let expected: String?
    let result: String?
    let rows: Int
}

extension Statement where Input == DecisionFileKeyInput, Row == DecisionFileRowCount {
    /// Counts a file's rows.
    static let decisionFileCounts = Statement(
        "decision_file_counts",
        """
        SELECT fault IS NOT NULL, expected_result, result, count(*)
        FROM countersign.decision_file_row
        WHERE operator_id = \(\.operatorIdentifier) AND file_number = \(\.storedNumber)
        GROUP BY operator_id, 1, 2, 3
        """,
        row: DecisionFileRowCount.init)
}

/// A file whose rows are to be summed up, with its action.
struct DecisionFileSumsInput: OperatorRead {
    let file: DecisionFileKeyInput
    let action: ChargeAction

    var operatorIdentifier: OperatorIdentifier { file.operatorIdentifier }
}

extension Statement where Input == DecisionFileSumsInput, Row == DecisionFileSum {
    /// Sums up the rows of a file that succeed, or would. The charge of each is looked up by its key.
    static let decisionFileSums = Statement(
        "decision_file_sums",
        """
        SELECT
            charge.local_currency, count(*), sum(charge.local_currency_amount)::text,
            count(*) FILTER (WHERE charge.decision <> \(\.action.decision)),
            count(*) FILTER (WHERE listed.reference_number IS NULL)
        FROM countersign.decision_file_row AS listed
        CROSS JOIN LATERAL (
            SELECT * FROM countersign.charge
            WHERE charge.operator_id = \(\.file.operatorIdentifier) AND charge.number = listed.number
            LIMIT 1
        ) AS charge
        WHERE listed.operator_id = \(\.file.operatorIdentifier) AND listed.file_number = \(\.file.storedNumber)
            AND coalesce(listed.result, listed.expected_result) = 'OK'
        GROUP BY charge.local_currency
        ORDER BY charge.local_currency
        """,
        decode: { row throws(PostgresError) in
            DecisionFileSum(
                localCurrency: try row.next(), charges: try row.next(), localCurrencyAmount: try row.next(),
                changes: try row.next(), withoutReference: try row.next())
        })
}

/// The rows of a file to be read: those after a position.
struct DecisionFileRowsInput: OperatorRead {
    let file: DecisionFileKeyInput
    let after: Int
    let filter: DecisionFileRowFilter
    let count: Int

    var operatorIdentifier: OperatorIdentifier { file.operatorIdentifier }
    fileprivate var isComplete: Bool { filter == .all }
    /// The position as the database has it.
    fileprivate var storedAfter: Int32 { Int32(clamping: after) }
}

extension Statement where Input == DecisionFileRowsInput, Row == DecisionFileRow {
    /// Reads rows, in their order.
    static let decisionFileRows = Statement(
        "decision_file_rows",
        """
        SELECT
            position, line, number, billing_system_customer_identifier, reference_number, fault, expected_result,
            expected_description, result, description, decided_on, revision
        FROM countersign.decision_file_row
        WHERE operator_id = \(\.file.operatorIdentifier) AND file_number = \(\.file.storedNumber)
            AND position > \(\.storedAfter)
            AND (\(\.isComplete) OR fault IS NOT NULL OR coalesce(result, expected_result) <> 'OK')
        ORDER BY position LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in
            DecisionFileRow(
                position: try row.next(), line: try row.next(), number: try row.next(),
                customer: try row.next(), referenceNumber: try row.next(), fault: try row.next(),
                expected: try row.nextDecisionFileResult(), result: try row.nextDecisionFileResult(),
                decidedOn: try row.next(), revision: try row.next())
        })
}

extension RowReader {
    fileprivate mutating func nextDecisionFileFault() throws(PostgresError) -> DecisionFileFault? {
        let line: Int? = try next()
        let reason: String? = try next()
        return reason.map { DecisionFileFault(line: line, $0) }
    }

    fileprivate mutating func nextDecisionFileResult() throws(PostgresError) -> DecisionFileRow.Result? {
        let text: String? = try next()
        let description: String? = try next()
        guard let text else { return nil }
        guard let code = try DecisionFileResultText.code(text) else { return .succeeded }
        return .failed(code, description: description ?? "")
    }
}

/// The text of a row's result in the database: the code of a failure, or `OK`.
enum DecisionFileResultText {
    static let succeeded = "OK"

    /// The code of a failure; `nil` for a success.
    static func code(_ text: String) throws(PostgresError) -> ItemFailureCode? {
        if text == succeeded { return nil }
        guard let code = ItemFailureCode(rawValue: text) else {
            throw .decoding("a result that this build does not know")
        }
        return code
    }
}
