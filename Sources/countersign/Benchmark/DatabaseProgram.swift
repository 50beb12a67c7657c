import EmbeddedPostgres
import Foundation
import LibPQ

/// One of PostgreSQL's own programs, run on the benchmark's database as its owner.
enum DatabaseProgram {
    /// Prepares the program's process. The password is in its environment, since every user of the machine sees a
    /// command's arguments.
    ///
    /// - Parameter arguments: The arguments before the connection string.
    /// - Throws: `CommandFailure` if the program is not installed beside the server's.
    static func process(_ name: String, _ arguments: [String], on database: BenchmarkDatabase) throws
        -> Process
    {
        let path = try ServerBinaries.locate().path(name)
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw CommandFailure("\(name) is not installed in the folder of the PostgreSQL server's programs")
        }
        var parameters = try ConnectionParameters(parsing: database.owner)
        var environment = ProcessInfo.processInfo.environment
        environment["PGPASSWORD"] = parameters["password"] ?? environment["PGPASSWORD"]
        parameters["password"] = nil
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments + [parameters.connectionString]
        process.environment = environment
        return process
    }
}
