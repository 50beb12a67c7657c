/// Why a lease was not given. Its body never ran.
public enum PoolRefusal: Error, Hashable, Sendable {
    /// As many leases wait as may.
    case queueFull
    /// As many leases of this share wait as may.
    case shareExceeded
    /// No connection was free before the deadline.
    case deadlinePassed
    /// The task that asked was cancelled.
    case cancelled
    /// The pool has ended.
    case shutDown
}

/// Why a lease gave no value.
public enum LeaseError<Failure: Error>: Error {
    /// The body never ran.
    case refused(PoolRefusal)
    /// The body threw.
    case failed(Failure)
}
