import ArgumentParser
import Authentication
import ChargeStore
import Charges

/// `countersign key …`
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Manages the web API keys with which an operator's programs log in.",
        subcommands: [KeyAddCommand.self, KeyListCommand.self, KeyRevokeCommand.self, KeyRoleCommand.self])
}

/// `countersign key add`
struct KeyAddCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Creates a key and prints it once; only its hash is stored.",
        discussion: "Example: (umask 077; countersign key add --operator ACME billing > billing.key)")

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Argument(help: "The key's name: 1 to 64 visible ASCII characters. A name cannot be reused.")
    var name: String

    @Option(help: "The key's role.")
    var role: Role = .decider

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let key = APIKey()
        try session.addKey(operatorCode: operatorCode, name: name, hash: key.hash, role: role)
        print(key.text)
        Terminal.say(
            "Key \(name) of operator \(operatorCode) was added with the role \(role.rawValue). It cannot be shown again."
        )
    }
}

/// `countersign key list`
struct KeyListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the keys of one operator or of all operators, including revoked keys.")

    @Option(name: .customLong("operator"), help: "The operator's code. The default is all operators.")
    var operatorCode: String?

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let rows = try session.keys(operatorCode: operatorCode).map {
            [$0.operatorCode, $0.name, $0.role, $0.createdOn.text, $0.endedOn?.text]
        }
        Listing(
            columns: [
                .init("operator"), .init("name", .bold), .init("role"), .init("created_on", .dim),
                .init("revoked_on", .yellow),
            ], rows: rows
        ).show(format)
    }
}

/// `countersign key revoke`
struct KeyRevokeCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revokes a key permanently; its tokens become invalid within a second.")

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Argument(help: "The key's name.")
    var name: String

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.revokeKey(operatorCode: operatorCode, name: name)
        Terminal.say(
            "Key \(name) of operator \(operatorCode) \(changed ? "was revoked" : "is already revoked").")
    }
}

/// `countersign key role`
struct KeyRoleCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Changes a key's role; its tokens become invalid within a second.",
        discussion: "Example: countersign key role --operator ACME billing viewer")

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Argument(help: "The key's name.")
    var name: String

    @Argument(help: "The new role.")
    var role: Role

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setKeyRole(operatorCode: operatorCode, name: name, role)
        Terminal.say(
            "Key \(name) of operator \(operatorCode) "
                + (changed ? "has the role \(role.rawValue) now." : "already has the role \(role.rawValue)."))
    }
}
