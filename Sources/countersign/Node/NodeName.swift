import Foundation

/// What a node is called in the log, in its metrics and in `pg_stat_activity`.
enum NodeName {
    /// The name that was given, or the machine's and the port; where the system chooses the port, the process's
    /// id stands in its place.
    static func of(_ settings: Settings) -> String {
        let given = settings.text(.nodeName)
        guard given.isEmpty else { return given }
        let port = settings.number(.port)
        return "\(ProcessInfo.processInfo.hostName):\(port == 0 ? Int(getpid()) : port)"
    }
}
