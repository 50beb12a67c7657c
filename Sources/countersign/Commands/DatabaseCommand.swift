import ArgumentParser
import ChargeStore

/// A command that works on the database over one session, which is open while it runs.
protocol DatabaseCommand: ParsableCommand {
    var database: DatabaseOptions { get }

    /// Does the command's work.
    ///
    /// - Parameter session: Closed when this returns or throws.
    func run(_ session: AdministrationSession) throws
}

extension DatabaseCommand {
    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        try run(session)
    }
}

/// The output format of a command.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

extension AdministrationSession {
    /// The session of a command. Warnings from the database go to standard error.
    static func open(_ settings: Settings) throws(CommandFailure) -> AdministrationSession {
        do {
            return try AdministrationSession(database: try settings.requiredDatabase()) { warning in
                Terminal.say("warning: \(warning)")
            }
        } catch {
            throw CommandFailure(error)
        }
    }
}
