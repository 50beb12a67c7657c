package import Charges

/// An operator as the commands show it.
package struct OperatorOverview: Sendable {
    package let code: String
    package let currency: String
    package let undecidedPolicy: UndecidedPolicy
    package let undecidedWindowSeconds: Int
    /// `nil` leaves it to the node's setting.
    package let errorStatusPolicy: ErrorStatusPolicy?
    package let repeatedDecisionsSucceed: Bool
    package let createdOn: Timestamp
    package let suspendedOn: Timestamp?
    /// Its charges that are pending and undecided, if it was asked for by its code.
    package let undecidedCount: Int
    /// The first and the last moment at which the policy's window of one of them ends; `nil` if there are none.
    package let firstDueOn: Timestamp?
    package let lastDueOn: Timestamp?
}

/// What is changed of an operator; `nil` leaves a thing as it is.
package struct OperatorChange: Sendable {
    package var undecidedPolicy: UndecidedPolicy?
    package var undecidedWindowSeconds: Int?
    package var currency: String?
    /// `.some(nil)` leaves it to the node's setting.
    package var errorStatusPolicy: ErrorStatusPolicy??
    package var repeatedDecisionsSucceed: Bool?

    package init() {}

    /// Whether it changes nothing.
    package var isEmpty: Bool {
        undecidedPolicy == nil && undecidedWindowSeconds == nil && currency == nil
            && errorStatusPolicy == nil && repeatedDecisionsSucceed == nil
    }
}
