import ArgumentParser
import ChargeStore
import Charges

/// `countersign signing-key …`
struct SigningKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signing-key", abstract: "The keys that sign tokens.",
        subcommands: [SigningKeyRotateCommand.self])
}

/// `countersign signing-key rotate`
struct SigningKeyRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Makes a new signing key; nobody is logged out.",
        discussion: """
            The new key signs a few seconds later, when every node knows it. Older keys stay until the tokens that \
            they signed have expired. Needs a login in the role countersign_owner.
            """)

    @Flag(
        help: """
            Drop the older keys at once, for instance because one has leaked: every token ends within a second, and \
            for a few seconds nobody can log in.
            """)
    var now = false

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let signsFrom = try session.rotateSigningKey(dropsOthers: now)
        let others = now ? "The older ones were dropped." : "The older ones stay until their tokens expire."
        Terminal.say("The new key signs from \(signsFrom.text) UTC on. \(others)")
    }
}
