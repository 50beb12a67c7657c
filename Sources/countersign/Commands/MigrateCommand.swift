import ArgumentParser
import Charges
import ChargeStore
import Foundation

/// `countersign migrate`
struct MigrateCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Updates the database's schema to this build's version.",
        discussion: """
            The database must be in the encoding UTF8, on PostgreSQL 15 or later. The login must be able to create \
            roles and schemas, or be a member of the role countersign_owner and able to create schemas. The command \
            is safe to repeat and to run concurrently: one process applies the migrations, the others wait. It is \
            also safe on a database in use: a migration that does not get a lock in a moment names who holds it, \
            releases all of its own, and tries again.
            """)

    @Option(help: "How long to try to get a migration's locks: a number followed by s, m, h or d.")
    var lockWait: TimeSpan = TimeSpan(seconds: 60)

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        var named: Set<Int32> = []
        let summary = try session.migrate(
            lockRetry: LockRetry(patience: .seconds(lockWait.seconds))
        ) { event in
            switch event {
            case .applying(let migration):
                named = []
                Terminal.say("Applying migration \(migration.number) \(migration.name).")
            case .waiting(let migration, let sessions):
                // A session is named once.
                guard !named.isSuperset(of: sessions.map(\.processIdentifier)) else { return }
                named.formUnion(sessions.map(\.processIdentifier))
                Terminal.say(
                    "Migration \(migration.number) \(migration.name) waits for a lock of \(sessions.inWords)."
                )
            }
        }
        print("The schema is at migration \(summary.version). Migrations applied: \(summary.applied.count).")
    }
}
