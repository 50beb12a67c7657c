/// The outcome that one item of a call would have. A dry run of the call finds it, and changes nothing.
package enum DryRunOutcome: Equatable, Sendable {
    /// The item would be decided or acknowledged now.
    ///
    /// - Parameter revision: The number that the decision would get among those of its charge; `nil` for an
    ///   acknowledgement.
    case decidable(revision: Int?)
    /// The item would succeed and change nothing: it repeats a decision or acknowledgement that is in force.
    case repeated(DecisionMade)
    case failed(ItemFailure)
}
