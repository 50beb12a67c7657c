import ArgumentParser
import ChargeStore
import Foundation

/// `countersign migrate`
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Updates the database's schema to this build's version.",
        discussion: """
            The login must be able to create roles and schemas, or be a member of the role countersign_owner. The \
            command is safe to repeat and to run concurrently: one process applies the migrations, the others wait.
            """)

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let summary = try session.migrate { Terminal.say("Applying migration \($0).") }
        print("The schema is at migration \(summary.version). Migrations applied: \(summary.applied.count).")
    }
}

extension AdministrationSession {
    /// The session of a command. Warnings from the database go to standard error.
    static func open(_ settings: Settings) throws(CommandFailure) -> AdministrationSession {
        do {
            return try AdministrationSession(database: try settings.database()) { warning in
                FileHandle.standardError.write(Data("warning: \(warning)\n".utf8))
            }
        } catch {
            throw CommandFailure(error)
        }
    }
}
