import ArgumentParser
import Authentication
import ChargeStore
import Charges

/// `countersign key …`
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Manages the web API keys with which an operator's programs log in.",
        subcommands: [KeyAddCommand.self, KeyListCommand.self, KeyRevokeCommand.self])
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

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let key = APIKey()
        try session.addKey(operatorCode: operatorCode, name: name, hash: key.hash)
        print(key.text)
        Terminal.say("Key \(name) of operator \(operatorCode) was added. It cannot be shown again.")
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
            [$0.operatorCode, $0.name, $0.createdOn.text, $0.endedOn?.text]
        }
        Listing(
            columns: [
                .init("operator"), .init("name", .bold), .init("created_on", .dim),
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
