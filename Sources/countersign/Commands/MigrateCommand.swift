import ArgumentParser
import ChargeStore
import Foundation

/// `countersign migrate`
struct MigrateCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Updates the database's schema to this build's version.",
        discussion: """
            The login must be able to create roles and schemas, or be a member of the role countersign_owner. The \
            command is safe to repeat and to run concurrently: one process applies the migrations, the others wait.
            """)

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let summary = try session.migrate { Terminal.say("Applying migration \($0).") }
        print("The schema is at migration \(summary.version). Migrations applied: \(summary.applied.count).")
    }
}
