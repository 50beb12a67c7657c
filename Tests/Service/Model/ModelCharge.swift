/// A charge as the model knows it.
struct ModelCharge {
    let number: String
    let operatorCode: String
    let customer: String
    let providerIdentifier: String
    var status = "PENDING"
    var isTaken = false
    var isAcknowledged = false
    /// Every decision and acknowledgement that was made, in order.
    var history: [Event] = []

    /// One decision or acknowledgement.
    struct Event {
        let call: ModelCall
        let reference: String?
        let key: String?
    }

    /// The decisions alone; their places are their revisions, counted from 1.
    var decisions: [Event] { history.filter { $0.call != .acknowledge } }
    var revision: Int { decisions.count }
    var isProcessed: Bool { status != "PENDING" }
    /// The current decision, ACCEPTED or DECLINED; `nil` if there is none.
    var decision: String? { decisions.last?.call.decision }
}

/// The operators' three calls.
enum ModelCall: String, CaseIterable {
    case accept, decline, acknowledge

    /// The decision that the call makes.
    var decision: String? {
        switch self {
        case .accept: "ACCEPTED"
        case .decline: "DECLINED"
        case .acknowledge: nil
        }
    }

    /// The name of the call's items in a request.
    var setName: String {
        switch self {
        case .accept: "accepted_charges_set"
        case .decline: "declined_charges_set"
        case .acknowledge: "acknowledged_charges_set"
        }
    }
}

/// The item for one charge in an operator's call.
struct ModelItem {
    let number: String
    let customer: String
    let reference: String?

    /// The reference in a form that is equal only if the scalars are: Swift holds `é` and `e\u{301}` to be equal.
    var exactReference: String? {
        reference?.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
    }
}
