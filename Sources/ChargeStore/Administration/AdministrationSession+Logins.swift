import LibPQ

extension AdministrationSession {
    /// Makes a login that may do what a node does and no more, without a password: for a server that only its
    /// own user can reach. Does nothing if it is there.
    package func addNodeLogin(_ name: String) throws(AdministrationFailure) {
        do throws(AdministrationFailure) {
            try execute(
                "CREATE ROLE \(name) LOGIN IN ROLE countersign_application", doing: "making the node's login")
        } catch {
            guard error.cause?.sqlState == SQLState("42710") else { throw error }  // duplicate_object
        }
    }
}
