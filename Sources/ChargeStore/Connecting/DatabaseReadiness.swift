import LibPQ

/// How the database answers a node that asks whether it can serve.
package enum DatabaseReadiness: Sendable {
    case ready
    /// A later release has changed the schema since the node connected, and does not admit its build any more.
    case beyondThisBuild
    /// There was no answer in time.
    case silent
}

extension Statement where Input == Void, Row == Int {
    /// The oldest build that the schema admits.
    static let oldestBuild = Statement(
        "oldest_build", "SELECT max(oldest_build) FROM countersign.migration",
        decode: { row throws(PostgresError) in Int(try row.next(Int32.self)) })
}
