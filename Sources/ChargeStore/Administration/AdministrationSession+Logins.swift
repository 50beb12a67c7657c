import LibPQ

extension AdministrationSession {
    /// Makes a login that may do what a node does and no more.
    package func addNodeLogin(_ name: String) throws(AdministrationFailure) {
        try addLogin(name, inRole: "countersign_application")
    }

    /// Makes a login that may read what reports read and no more.
    package func addReportingLogin(_ name: String) throws(AdministrationFailure) {
        try addLogin(name, inRole: "countersign_reporting")
    }

    /// Without a password: for a server that only its own user can reach. Does nothing if it is there.
    private func addLogin(_ name: String, inRole role: String) throws(AdministrationFailure) {
        do throws(AdministrationFailure) {
            try execute("CREATE ROLE \(name) LOGIN IN ROLE \(role)", doing: "making the login \(name)")
        } catch {
            guard error.cause?.sqlState == SQLState("42710") else { throw error }  // duplicate_object
        }
    }
}
