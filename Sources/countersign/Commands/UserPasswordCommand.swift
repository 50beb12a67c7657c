import ArgumentParser
import Authentication
import ChargeStore

/// `countersign user password`
struct UserPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Gives a user another password; its tokens end within a second.",
        discussion: """
            The password is read from standard input; on a terminal it is asked for twice and not shown.

            Example: countersign user password --operator ACME --username anna
            """)

    @OptionGroup var user: UserOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let hash = PasswordHash(password: try PasswordPrompt.read())
        try session.setPassword(
            operatorCode: user.operatorCode, username: user.username, passwordHash: hash.text)
        Terminal.say("User \(user.username) of operator \(user.operatorCode) has another password.")
    }
}
