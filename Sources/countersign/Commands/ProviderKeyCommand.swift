import ArgumentParser
import Authentication
import ChargeStore
import Charges

/// `countersign provider-key …`
struct ProviderKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider-key", abstract: "Manages the keys with which the provider's bridge calls.",
        subcommands: [ProviderKeyAddCommand.self, ProviderKeyListCommand.self, ProviderKeyRevokeCommand.self])
}

/// `countersign provider-key add`
struct ProviderKeyAddCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Creates a key and prints it once; only its hash is stored.",
        discussion: """
            The bridge sends the key as Authorization: Bearer KEY. To replace a key, add a new one, configure the \
            bridge to use it, and revoke the old one.

            Example: countersign provider-key add bridge-2027
            """)

    @Argument(help: "The key's name: 1 to 64 visible ASCII characters.")
    var name: String

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let key = ProviderKey.random()
        try session.addProviderKey(name: name, hash: key.hash)
        print(key.text)
    }
}

/// `countersign provider-key list`
struct ProviderKeyListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys with the dates when they were created and revoked.")

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let rows = try session.providerKeys().map { [$0.name, $0.createdOn.text, $0.revokedOn?.text] }
        Listing(
            columns: [.init("name", .bold), .init("created_on", .dim), .init("revoked_on", .yellow)],
            rows: rows
        ).show(format)
    }
}

/// `countersign provider-key revoke`
struct ProviderKeyRevokeCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revokes a key permanently; every node rejects it within a second.")

    @Argument(help: "The key's name.")
    var name: String

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        try session.revokeProviderKey(name: name)
        Terminal.say("Provider key \(name) was revoked.")
    }
}
