/// The kind of a row of history.
enum HistoryKind: String, CaseIterable {
    case accepted = "ACCEPTED"
    case declined = "DECLINED"
    case acknowledged = "ACKNOWLEDGED"
}

/// `charge_status`.
enum Status: String, CaseIterable {
    case pending = "PENDING"
    case approved = "APPROVED"
    case declined = "DECLINED"
    case badRequest = "BAD_REQUEST"
    case rejected = "REJECTED"

    /// The decision that the outcome needs.
    var neededDecision: HistoryKind? {
        switch self {
        case .approved: .accepted
        case .declined: .declined
        default: nil
        }
    }
}

/// What an answer says of an item.
enum ItemCode: String, CaseIterable {
    case ok = "OK"
    case created = "CREATED"
    case known = "KNOWN"
    case duplicateInRequest = "DUPLICATE_IN_REQUEST"
    case invalidReference = "INVALID_REFERENCE_NUMBER"
    case superseded = "DECISION_SUPERSEDED"
    case notFound = "CHARGE_NOT_FOUND"
    case customerMismatch = "CUSTOMER_MISMATCH"
    case alreadyProcessed = "CHARGE_ALREADY_PROCESSED"
    case inProcess = "CHARGE_IN_PROCESS"
    case notProcessed = "CHARGE_NOT_PROCESSED"
    case alreadyAcknowledged = "CHARGE_ALREADY_ACKNOWLEDGED"
    case alreadyAccepted = "CHARGE_ALREADY_ACCEPTED"
    case acceptedUnderOther = "CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE"
    case alreadyDeclined = "CHARGE_ALREADY_DECLINED"
    case declinedUnderOther = "CHARGE_DECLINED_UNDER_OTHER_REFERENCE"
    case referenceInUse = "REFERENCE_NUMBER_IN_USE"
    case locked = "CHARGE_LOCKED"
    case decisionRequired = "DECISION_REQUIRED"
    case decisionConflict = "DECISION_CONFLICT"
    case invalidOutcome = "INVALID_OUTCOME"
    case operatorNotFound = "OPERATOR_NOT_FOUND"
    case chargeConflict = "CHARGE_CONFLICT"
    /// Any other. It says nothing about the charge's state.
    case other = ""

    private static let byText = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init(text: String) {
        self = Self.byText[text] ?? .other
    }
}
