import ArgumentParser
import ChargeStore

/// `countersign feed …`
struct FeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "The feed of decisions that the provider reads.",
        subcommands: [FeedNewEpochCommand.self])
}

/// `countersign feed new-epoch`
struct FeedNewEpochCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-epoch", abstract: "Makes every cursor of before expire.",
        discussion: """
            For after a restore, or a failover that lost something: the feed's positions may name other decisions \
            than the provider has read there. Its bridge is then answered CURSOR_EXPIRED and begins again with \
            since=TIME, a time before the loss.
            """)

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        try session.beginFeedEpoch()
        Terminal.say("The feed has a new epoch; cursors of before have expired.")
    }
}
