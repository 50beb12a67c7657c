import ArgumentParser
import Authentication
import ChargeStore

/// `countersign user …`
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "The people and programs that log in for an operator.",
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserPasswordCommand.self, UserSuspendCommand.self,
            UserResumeCommand.self,
        ])
}

/// `countersign user add`
struct UserAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a user of an operator.",
        discussion: """
            The password is read from standard input; on a terminal it is asked for twice and not shown.

            Example: countersign user add --operator ACME --username anna
            """)

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Option(help: "The user's name: 1 to 128 characters.")
    var username: String

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let hash = PasswordHash(password: try PasswordPrompt.read())
        try session.addUser(operatorCode: operatorCode, username: username, passwordHash: hash.text)
        Terminal.say("User \(username) of operator \(operatorCode) was added.")
    }
}
