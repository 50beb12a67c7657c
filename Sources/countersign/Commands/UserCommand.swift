import ArgumentParser
import Authentication
import Charges
import ChargeStore

/// `countersign user …`
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Manages the users that log in for an operator.",
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserPasswordCommand.self, UserSuspendCommand.self,
            UserResumeCommand.self, UserRoleCommand.self,
        ])
}

/// `countersign user add`
struct UserAddCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a user of an operator.",
        discussion: """
            The password is read from standard input. On a terminal the command asks for it twice and hides it.

            Example: countersign user add --operator ACME --username anna
            """)

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Option(help: "The user's name: 1 to 128 characters without control characters.")
    var username: String

    @Option(
        help: "The user's role. The default is administrator for the operator's first user, else decider.")
    var role: Role?

    @OptionGroup var options: PasswordOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let hash = PasswordHash(password: try PasswordPrompt.read(options))
        let role = try session.addUser(
            operatorCode: operatorCode, username: username, passwordHash: hash.text, role: role)
        Terminal.say(
            "User \(username) of operator \(operatorCode) was added with the role \(role.rawValue).")
    }
}

/// The options that name a user.
struct UserOptions: ParsableArguments {
    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Option(help: "The user's name.")
    var username: String
}

/// `countersign user list`
struct UserListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the users of one operator or of all operators.")

    @Option(name: .customLong("operator"), help: "The operator's code. The default is all operators.")
    var operatorCode: String?

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let rows = try session.users(operatorCode: operatorCode).map {
            [$0.operatorCode, $0.name, $0.role, $0.createdOn.text, $0.endedOn?.text]
        }
        Listing(
            columns: [
                .init("operator"), .init("username", .bold), .init("role"), .init("created_on", .dim),
                .init("suspended_on", .yellow),
            ], rows: rows
        ).show(format)
    }
}

/// `countersign user suspend`
struct UserSuspendCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Suspends a user; its tokens become invalid within a second.")

    @OptionGroup var user: UserOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setSuspension(
            operatorCode: user.operatorCode, username: user.username, true)
        Terminal.say(
            "User \(user.username) of operator \(user.operatorCode) "
                + (changed ? "was suspended." : "is already suspended."))
        try session.warnWithoutAdministrator(of: user.operatorCode)
    }
}

/// `countersign user resume`
struct UserResumeCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Resumes a suspended user; the user has to log in again.")

    @OptionGroup var user: UserOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setSuspension(
            operatorCode: user.operatorCode, username: user.username, false)
        Terminal.say(
            "User \(user.username) of operator \(user.operatorCode) "
                + (changed ? "was resumed." : "is not suspended."))
    }
}

/// `countersign user password`
struct UserPasswordCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Changes a user's password; its tokens become invalid within a second.",
        discussion: """
            The password is read from standard input. On a terminal the command asks for it twice and hides it.

            Example: countersign user password --operator ACME --username anna
            """)

    @OptionGroup var user: UserOptions
    @OptionGroup var options: PasswordOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let hash = PasswordHash(password: try PasswordPrompt.read(options))
        try session.setPassword(
            operatorCode: user.operatorCode, username: user.username, passwordHash: hash.text)
        Terminal.say("The password of user \(user.username) of operator \(user.operatorCode) was changed.")
    }
}

/// `countersign user role`
struct UserRoleCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Changes a user's role; its tokens become invalid within a second.",
        discussion: "Example: countersign user role --operator ACME --username anna viewer")

    @OptionGroup var user: UserOptions

    @Argument(help: "The new role.")
    var role: Role

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setRole(
            operatorCode: user.operatorCode, username: user.username, role)
        Terminal.say(
            "User \(user.username) of operator \(user.operatorCode) "
                + (changed ? "has the role \(role.rawValue) now." : "already has the role \(role.rawValue)."))
        try session.warnWithoutAdministrator(of: user.operatorCode)
    }
}

extension AdministrationSession {
    /// Says if the operator has no active administrator, who could manage its users in the console.
    fileprivate func warnWithoutAdministrator(of operatorCode: String) throws {
        guard try !hasAdministrator(operatorCode: operatorCode) else { return }
        Terminal.say("Operator \(operatorCode) has no active administrator.")
    }
}

extension Role: ExpressibleByArgument {}
