/// An operator's key in the database. It never leaves the service: clients know operators by their code.
package struct OperatorIdentifier: Hashable, Comparable, Sendable {
    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package static func < (left: OperatorIdentifier, right: OperatorIdentifier) -> Bool {
        left.value < right.value
    }
}

/// An operator's policy for charges that are undecided for longer than the operator's window.
package enum UndecidedPolicy: String, Sendable, CaseIterable {
    /// The charge stays undecided.
    case hold
    case accept
    case decline
}
