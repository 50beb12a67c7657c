import Charges

/// Why the open items of a call could not be judged.
enum AttemptFailure: Error, Sendable {
    /// Nothing was applied to them, nor will be.
    case notApplied(RequestFailure)
    /// That cannot be said.
    case unknown
}
