import LibPQ

/// Why a connection of a node's pool could not be made.
enum StoreConnectionFailure: Error, CustomStringConvertible {
    case database(PostgresError)
    /// The database was reached, and a node may not use it as it is.
    case schema(String)

    var description: String {
        switch self {
        case .database(let error): "\(error)"
        case .schema(let reason): reason
        }
    }
}
