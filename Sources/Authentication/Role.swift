/// The role of a user or a web API key: what its calls may do. Each role may do everything that the ones before it may.
package enum Role: String, Sendable, CaseIterable {
    /// Reads everything of its operator, and makes dry runs.
    case viewer
    /// Also accepts, declines and acknowledges charges, and uploads and closes reconciliations.
    case decider
    /// Also manages the operator's users, keys and settings.
    case administrator
}

extension Role: Comparable {
    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .decider: 1
        case .administrator: 2
        }
    }
}
