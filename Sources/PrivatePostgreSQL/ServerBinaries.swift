import Foundation

/// The installed PostgreSQL's programs.
package struct ServerBinaries: Sendable {
    let directory: String

    /// Looks in `PG_BINDIR`, in Debian's places, the latest version first, and in `PATH`.
    package static func locate() throws(PrivatePostgreSQLError) -> ServerBinaries {
        let environment = ProcessInfo.processInfo.environment
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? [])
            .sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
        let candidates =
            [environment["PG_BINDIR"]].compactMap(\.self) + versions.map { "\(debian)/\($0)/bin" }
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for directory in candidates
        where ["initdb", "postgres"].allSatisfy({
            FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)")
        }) {
            return ServerBinaries(directory: directory)
        }
        throw PrivatePostgreSQLError(
            "no PostgreSQL server is installed; install it (apt-get install postgresql), or set PG_BINDIR to the "
                + "folder of its initdb")
    }

    /// Where one of them is.
    package func path(_ program: String) -> String { "\(directory)/\(program)" }
}
