/// The number by which the database knows an operator. It never leaves the service: clients know operators
/// by their code.
package struct OperatorIdentifier: Hashable, Comparable, Sendable {
    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package static func < (left: OperatorIdentifier, right: OperatorIdentifier) -> Bool {
        left.value < right.value
    }
}

/// What becomes of a charge that its operator leaves undecided for longer than the operator's window.
package enum UndecidedPolicy: String, Sendable, CaseIterable {
    /// It stays undecided.
    case hold
    case accept
    case decline
}
