/// A count by a read that looks at a limited number of things.
package enum BoundedCount: Equatable, Sendable {
    /// The exact count. Of what a read counts one by one it is at most `limit`; sums that are stored may be higher.
    case exactly(Int)
    /// More than `limit`.
    case moreThanLimit
    /// This many or more: the read had looked at as much as it may before it came to the end or to the limit.
    case atLeast(Int)

    /// The highest number that a read counts one by one.
    package static let limit = 10_000

    /// - Parameters:
    ///   - found: The things that the read found.
    ///   - isComplete: Whether the read looked at everything, unless it found more than `limit`.
    package init(found: Int, isComplete: Bool) {
        if found > Self.limit {
            self = .moreThanLimit
        } else {
            self = isComplete ? .exactly(found) : .atLeast(found)
        }
    }
}
