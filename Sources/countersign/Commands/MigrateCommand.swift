import ArgumentParser
import ChargeStore
import Foundation

/// `countersign migrate`
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the database's schema to this build's version.",
        discussion: """
            Needs a login that may create roles and schemas, or is in the role countersign_owner. Safe to run \
            more than once, and by many at once: one applies, the rest wait.
            """)

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let summary = try session.migrate { Terminal.say("applying migration \($0)") }
        print("The schema is at migration \(summary.version); \(summary.applied.count) applied now.")
    }
}

extension AdministrationSession {
    /// The session of a command.
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
