import Charges
import LibPQ

extension Statement where Input == PostgresUUID, Row == DecisionFileKeyInput? {
    /// Gives a worker a file to work on; `nil` if there is none.
    static let claimDecisionFile = Statement(
        "claim_decision_file",
        "SELECT claimed_operator, claimed_number FROM countersign.claim_decision_file(\(\.self))",
        row: { (operatorIdentifier: OperatorIdentifier?, number: Int?) in
            operatorIdentifier.flatMap { operatorIdentifier in
                number.map { DecisionFileKeyInput(operatorIdentifier: operatorIdentifier, number: $0) }
            }
        })
}

/// A file on which a worker works.
struct DecisionFileWork: Sendable {
    let file: DecisionFileKeyInput
    let worker: PostgresUUID

    fileprivate var callRows: Int32 { Int32(DecisionCall.maximumItems) }
}

/// The next step of the work on a file.
struct DecisionFileStep: Sendable {
    let kind: Kind
    /// The positions of the step's first and last row; `nil` if it has none.
    let firstPosition: Int?
    let lastPosition: Int?
    let action: ChargeAction?
    let username: String?
    let operatorCode: String?
    let repeatsSucceed: Bool?
    /// Whether a call with these rows was begun before, of which it is not known what became.
    let isRepeat: Bool?

    enum Kind: String, PostgresCodable {
        /// A dry run of the rows.
        case check = "CHECK"
        /// A call with the rows.
        case call = "CALL"
        /// Finding what a lost call decided, without deciding.
        case resolve = "RESOLVE"
        /// There is nothing to do for now.
        case ended = "ENDED"
        /// The file is another worker's.
        case lost = "LOST"
    }
}

extension Statement where Input == DecisionFileWork, Row == DecisionFileStep {
    /// Begins the next step.
    static let beginDecisionFileStep = Statement(
        "begin_decision_file_step",
        """
        SELECT
            step, first_position, last_position, of_action, of_username, operator_code, repeats_succeed, is_repeat
        FROM countersign.begin_decision_file_step(
            \(\.file.operatorIdentifier), \(\.file.storedNumber), \(\.worker), \(\.callRows))
        """,
        row: DecisionFileStep.init)
}

extension Statement where Input == DecisionFileWork, Row == Void {
    /// Gives the file back.
    static let releaseDecisionFile = Statement(
        "release_decision_file",
        """
        SELECT FROM countersign.release_decision_file(
            \(\.file.operatorIdentifier), \(\.file.storedNumber), \(\.worker))
        """)
}

/// The rows of a step.
struct DecisionFilePart: OperatorRead {
    let file: DecisionFileKeyInput
    let firstPosition: Int
    let lastPosition: Int

    var operatorIdentifier: OperatorIdentifier { file.operatorIdentifier }
    fileprivate var storedFirstPosition: Int32 { Int32(clamping: firstPosition) }
    fileprivate var storedLastPosition: Int32 { Int32(clamping: lastPosition) }
}

/// A row of a step, with the customer of the file, or else of the charge.
struct DecisionFileItem: Sendable {
    let position: Int
    let number: ExactText
    /// The customer; `nil` if the file has none, and there is no such charge.
    let customer: ExactText?
    let referenceNumber: ExactText?
}

extension Statement where Input == DecisionFilePart, Row == DecisionFileItem {
    /// Reads the rows of a step that have neither a fault nor an outcome.
    static let decisionFileItems = Statement(
        "decision_file_items",
        """
        SELECT
            line.position, line.number,
            coalesce(
                line.billing_system_customer_identifier,
                (SELECT charge.billing_system_customer_identifier FROM countersign.charge
                    WHERE charge.operator_id = line.operator_id AND charge.number = line.number)),
            line.reference_number
        FROM countersign.decision_file_row AS line
        WHERE line.operator_id = \(\.file.operatorIdentifier) AND line.file_number = \(\.file.storedNumber)
            AND line.position >= \(\.storedFirstPosition) AND line.position <= \(\.storedLastPosition)
            AND line.fault IS NULL AND line.result IS NULL
        ORDER BY line.position
        """,
        row: DecisionFileItem.init)
}

/// What a step found of some rows.
struct DecisionFileFindings: Sendable {
    /// What was found of one row.
    struct Finding: Sendable {
        let position: Int
        let failure: ItemFailure?
        /// The decision or acknowledgement, of a call.
        var made: DecisionMade?
    }

    let work: DecisionFileWork
    /// The position of the step's last row.
    let lastPosition: Int
    /// Whether a lost call was resolved, whose other rows are open.
    var isResolved = false
    let findings: [Finding]

    fileprivate var storedLastPosition: Int32 { Int32(clamping: lastPosition) }
    fileprivate var positions: [Int32] { findings.map { Int32(clamping: $0.position) } }
    fileprivate var results: [String] {
        findings.map { $0.failure?.code.rawValue ?? DecisionFileResultText.succeeded }
    }
    fileprivate var descriptions: [String?] { findings.map { $0.failure?.description } }
    fileprivate var decidedOns: [Timestamp?] { findings.map { $0.made?.decidedOn } }
    fileprivate var revisions: [Int32?] { findings.map { $0.made?.revision.map { Int32(clamping: $0) } } }
}

extension Statement where Input == DecisionFileFindings, Row == Bool {
    /// Stores what a dry run said. False if the file is another worker's.
    static let endDecisionFileCheck = Statement(
        "end_decision_file_check",
        """
        SELECT countersign.end_decision_file_check(
            \(\.work.file.operatorIdentifier), \(\.work.file.storedNumber), \(\.work.worker), \(\.storedLastPosition),
            \(\.positions), \(\.results), \(\.descriptions))
        """)

    /// Stores the outcomes of a call. False if the file is another worker's.
    static let endDecisionFileCall = Statement(
        "end_decision_file_call",
        """
        SELECT countersign.end_decision_file_call(
            \(\.work.file.operatorIdentifier), \(\.work.file.storedNumber), \(\.work.worker), \(\.isResolved),
            \(\.positions), \(\.results), \(\.descriptions), \(\.decidedOns), \(\.revisions))
        """)
}

extension Statement where Input == Void, Row == Int {
    /// Deletes a file that has been kept for seven days. It returns the number of files that it has deleted.
    static let purgeDecisionFile = Statement(
        "purge_decision_file", "SELECT countersign.purge_decision_file()")
}
