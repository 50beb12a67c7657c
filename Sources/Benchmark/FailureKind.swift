/// The way in which an item is expected to fail.
enum FailureKind: String, CaseIterable {
    /// The item names another customer than the charge's.
    case otherCustomer = "CUSTOMER_MISMATCH"
    /// The item names a charge that does not exist.
    case unknownCharge = "CHARGE_NOT_FOUND"
    /// The item names the reference number of another charge.
    case heldReference = "REFERENCE_NUMBER_IN_USE"

    /// Creates the kind of an item. The kinds take turns.
    ///
    /// - Parameter failure: The number of earlier items that were expected to fail.
    init(ofFailure failure: Int) {
        self = Self.allCases[failure % Self.allCases.count]
    }

    /// The code that the service must return. The charges of these items are declined under other reference numbers. A
    /// decline call reports that before anything else.
    func code(isAccepting: Bool) -> String {
        self == .heldReference && !isAccepting ? "CHARGE_DECLINED_UNDER_OTHER_REFERENCE" : rawValue
    }
}

/// The share of items that are expected to fail.
package enum FailureRate: String, CaseIterable, Sendable {
    case none
    case tenth
    case all

    /// Whether the item with this index is expected to fail.
    func includes(_ item: Int) -> Bool {
        switch self {
        case .none: false
        case .tenth: item % 10 == 9
        case .all: true
        }
    }
}
