/// What becomes of a charge that its operator leaves undecided for longer than the operator's window.
package enum UndecidedPolicy: String, Sendable, CaseIterable {
    /// It stays undecided.
    case hold
    case accept
    case decline
}
