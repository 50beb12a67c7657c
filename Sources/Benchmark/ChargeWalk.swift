import Synchronization

/// Walks over one operator's charges, in the order of their numbers, again and again: accepting them, declining
/// them, accepting them. Every visit is a decision newly made, under a reference number never used before; so a
/// load of any length needs no more charges than there are.
package final class ChargeWalk: Sendable {
    /// Charges next to each other that are decided alike.
    package struct Stretch: Equatable, Sendable {
        package let first: Int
        package let count: Int
        package let isAccepting: Bool
        /// The reference number of the first one; those of the others follow.
        package let firstReference: Int
    }

    /// How many charges there are, numbered from 1.
    package let chargeCount: Int
    private let visits = Mutex(0)

    package init(chargeCount: Int) {
        precondition(chargeCount > 0)
        self.chargeCount = chargeCount
    }

    /// The next charges: so many, or fewer where the round ends.
    package func take(_ count: Int) -> Stretch {
        visits.withLock { visits in
            let place = visits % chargeCount
            let taken = min(count, chargeCount - place)
            let stretch = Stretch(
                first: place + 1, count: taken, isAccepting: (visits / chargeCount).isMultiple(of: 2),
                firstReference: visits + 1)
            visits += taken
            return stretch
        }
    }

    /// Leaves so many visits to somebody else, who makes them all.
    ///
    /// - Returns: How many there have been before.
    package func skip(_ count: Int) -> Int {
        visits.withLock { visits in
            defer { visits += count }
            return visits
        }
    }
}
