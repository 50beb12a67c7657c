/// How an item is meant to fail.
enum FailureKind: String, CaseIterable {
    /// It names another customer than the charge's.
    case otherCustomer = "CUSTOMER_MISMATCH"
    /// It names a charge that does not exist.
    case unknownCharge = "CHARGE_NOT_FOUND"
    /// It names the reference number of another charge.
    case heldReference = "REFERENCE_NUMBER_IN_USE"

    /// Kinds take turns.
    ///
    /// - Parameter failure: How many items before it were meant to fail.
    init(ofFailure failure: Int) {
        self = Self.allCases[failure % Self.allCases.count]
    }

    /// The code that the service is to give. The charges that these items name stand declined, under other reference
    /// numbers, which a decline call is told first.
    func code(isAccepting: Bool) -> String {
        self == .heldReference && !isAccepting ? "CHARGE_DECLINED_UNDER_OTHER_REFERENCE" : rawValue
    }
}

/// How many of the items are meant to fail.
package enum FailureRate: String, CaseIterable, Sendable {
    case none
    case tenth
    case all

    /// Whether the item of this count, from 0, is.
    func includes(_ item: Int) -> Bool {
        switch self {
        case .none: false
        case .tenth: item % 10 == 9
        case .all: true
        }
    }
}
