import ArgumentParser
import ChargeStore
import Charges

/// `countersign signing-key …`
struct SigningKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signing-key", abstract: "Manages the keys that sign tokens.",
        subcommands: [SigningKeyRotateCommand.self])
}

/// `countersign signing-key rotate`
struct SigningKeyRotateCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Creates a new signing key. Existing tokens stay valid unless --now is given.",
        discussion: """
            The new key signs a few seconds later, when every node knows it. Older keys stay until the tokens that \
            they signed have expired.
            """)

    @Flag(
        help: """
            Delete the older keys at once, for instance because one has leaked. Every token becomes invalid within \
            a second, and logins fail for a few seconds.
            """)
    var now = false

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let signsFrom = try session.rotateSigningKey(dropsOthers: now)
        let others = now ? "The older keys were deleted." : "The older keys stay until their tokens expire."
        Terminal.say("The new key signs from \(signsFrom.text) UTC on. \(others)")
    }
}
