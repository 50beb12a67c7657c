import ArgumentParser
import Authentication
import ChargeStore
import Charges

/// `countersign admin …`
struct AdminCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin",
        abstract: "Manages the administrators of the service, who sign in to its administration pages.",
        discussion:
            "They are apart from operators' users: a user's role says what it may do for its operator.",
        subcommands: [
            AdminAddCommand.self, AdminListCommand.self, AdminSuspendCommand.self, AdminResumeCommand.self,
            AdminSetPasswordCommand.self,
        ])
}

/// `countersign admin add`
struct AdminAddCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds an administrator of the service.",
        discussion: """
            The password is read from standard input. On a terminal the command asks for it twice and hides it.

            Example: countersign admin add maria
            """)

    @Argument(help: "The name: 1 to 128 characters without control characters.")
    var name: String

    @OptionGroup var options: PasswordOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let hash = PasswordHash(password: try PasswordPrompt.read(options))
        try session.addAdministrator(name, passwordHash: hash.text)
        Terminal.say("Administrator \(name) was added.")
    }
}

/// `countersign admin list`
struct AdminListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the administrators of the service.")

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let rows = try session.administrators().map { [$0.name, $0.createdOn.text, $0.suspendedOn?.text] }
        Listing(
            columns: [.init("name", .bold), .init("created_on", .dim), .init("suspended_on", .yellow)],
            rows: rows
        ).show(format)
    }
}

/// `countersign admin suspend`
struct AdminSuspendCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Suspends an administrator of the service, and ends its sessions.")

    @Argument(help: "The administrator's name.")
    var name: String

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setSuspension(ofAdministrator: name, true)
        Terminal.say("Administrator \(name) " + (changed ? "was suspended." : "is already suspended."))
        guard try session.administrators().allSatisfy({ $0.suspendedOn != nil }) else { return }
        Terminal.say("The service has no active administrator.")
    }
}

/// `countersign admin resume`
struct AdminResumeCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Resumes a suspended administrator of the service, who has to sign in again.")

    @Argument(help: "The administrator's name.")
    var name: String

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setSuspension(ofAdministrator: name, false)
        Terminal.say("Administrator \(name) " + (changed ? "was resumed." : "is not suspended."))
    }
}

/// `countersign admin set-password`
struct AdminSetPasswordCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-password",
        abstract: "Changes the password of an administrator of the service, and ends its sessions.",
        discussion: """
            The password is read from standard input. On a terminal the command asks for it twice and hides it.

            Example: countersign admin set-password maria
            """)

    @Argument(help: "The administrator's name.")
    var name: String

    @OptionGroup var options: PasswordOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let hash = PasswordHash(password: try PasswordPrompt.read(options))
        try session.setPassword(ofAdministrator: name, passwordHash: hash.text)
        Terminal.say("The password of administrator \(name) was changed.")
    }
}
