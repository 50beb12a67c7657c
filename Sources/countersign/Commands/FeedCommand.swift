import ArgumentParser
import ChargeStore

/// `countersign feed …`
struct FeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "Manages the feed of decisions that the provider reads.",
        subcommands: [FeedNewEpochCommand.self])
}

/// `countersign feed new-epoch`
struct FeedNewEpochCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-epoch", abstract: "Expires every cursor that was issued so far.",
        discussion: """
            Use this command after a restore, or after a failover that lost data. A position in the feed may then \
            name another decision than the one that the provider has read there. The provider's bridge gets \
            CURSOR_EXPIRED and starts again with since=TIME, a time before the loss.
            """)

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        try session.beginFeedEpoch()
        Terminal.say("The feed has a new epoch. Earlier cursors have expired.")
    }
}
