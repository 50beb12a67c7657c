import LibPQ

extension AdministrationSession {
    /// Makes a login that may do what a node does and no more, without a password: for a server that only its
    /// own user can reach.
    package func addNodeLogin(_ name: String) throws(AdministrationFailure) {
        try execute(
            "CREATE ROLE \(name) LOGIN IN ROLE countersign_application", doing: "making the node's login")
    }

    /// Whether the database has no operator yet.
    package func isWithoutOperators() throws(AdministrationFailure) -> Bool {
        try run(.hasOperators, (), doing: "looking for operators").first == false
    }
}

extension Statement where Input == Void, Row == Bool {
    fileprivate static let hasOperators = Statement(
        "has_operators", "SELECT EXISTS (SELECT FROM countersign.operator)",
        decode: { row throws(PostgresError) in try row.next(Bool.self) })
}
