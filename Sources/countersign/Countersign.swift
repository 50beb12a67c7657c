import ArgumentParser

/// The root of the commands.
struct Countersign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "Operators accept the charges that they bill on a provider's behalf.",
        discussion: """
            One executable for a node of the service, its database's schema and its operators.

            Data goes to standard output, all else to standard error. The exit status is 0 if the command did \
            its work, 1 if it failed, 2 if it was used or configured wrongly.

            To look around, with a database and data of its own:
              countersign dev
            """,
        version: "0.1.0",
        subcommands: [
            DevCommand.self, ServeCommand.self, MigrateCommand.self, OperatorCommand.self, UserCommand.self,
            KeyCommand.self, SigningKeyCommand.self, ProviderKeyCommand.self, ChargesCommand.self,
            FeedCommand.self, ReportCommand.self, BenchCommand.self,
        ])
}
