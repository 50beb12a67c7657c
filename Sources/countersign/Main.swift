import ArgumentParser
import Foundation

/// The program: runs a command, and turns whatever goes wrong into one line and an exit status.
@main
enum Main {
    static func main() async {
        // Whoever reads the log may go away; that must not end a node.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Countersign.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch  where isAboutUsage(error) {
            let isFailure = Countersign.exitCode(for: error) != .success
            let text = Countersign.fullMessage(for: error)
            if isFailure { Terminal.say(text) } else { print(text) }
            exit(isFailure ? CommandFailure.wrongUsage : 0)
        } catch {
            let failure = CommandFailure(error)
            Terminal.say("countersign: \(failure.line)")
            exit(failure.status)
        }
    }

    /// Whether the command line was wrong, or asked for help. ArgumentParser's own errors are not public, but
    /// they alone have another exit code than a plain failure, or a message of its own.
    private static func isAboutUsage(_ error: any Error) -> Bool {
        error is CleanExit || error is ValidationError || Countersign.exitCode(for: error) != .failure
    }
}

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
