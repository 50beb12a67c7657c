/// Which tokens of an operator, and of one of its logins, are good: whatever ends tokens raises the one or the
/// other. A token bears both as they were when its password or key was read.
package struct TokenGeneration: Hashable, Sendable {
    package let ofOperator: Int
    /// Of the user or the key.
    package let ofLogin: Int

    package init(ofOperator: Int, ofLogin: Int) {
        self.ofOperator = ofOperator
        self.ofLogin = ofLogin
    }

    /// Reads `3.1`.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let second = parts[1], first > 0, second > 0 else {
            return nil
        }
        self.init(ofOperator: first, ofLogin: second)
    }

    /// As a token bears it.
    package var text: String { "\(ofOperator).\(ofLogin)" }
}
