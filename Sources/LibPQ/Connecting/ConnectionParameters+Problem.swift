import CLibPQ

extension ConnectionParameters {
    /// What is wrong with the parameters, whatever the servers that they name: one line without secrets, or `nil` if
    /// they are right as far as can be told without a server.
    ///
    /// libpq says such things only when it connects, in the same way in which it says that a server is not there. So it
    /// is made to connect to sockets that cannot be there.
    public var problem: String? {
        // libpq would quote the port, which of a URI may be a part of a password with a '/' in it.
        let ports = list("port") ?? []
        guard ports.allSatisfy({ $0.isEmpty || (1...65_535).contains(Int($0) ?? 0) }) else {
            return
                "a port must be a whole number from 1 to 65535; in a URI, write %2F for a / within a password"
        }
        let nowhere = "/dev/null"
        let names = list("host") ?? list("hostaddr") ?? [""]
        var parameters = self
        parameters["host"] = names.map { _ in nowhere }.joined(separator: ",")
        parameters["hostaddr"] = nil
        do throws(PostgresError) {
            let handle = try Connection.begin(parameters)
            defer { PQfinish(handle) }
            let message = oneLine(PQerrorMessage(handle))
            return message.contains(nowhere) ? nil : message
        } catch {
            return error.description
        }
    }
}
