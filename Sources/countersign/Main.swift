import ArgumentParser
import Foundation

/// The program. It runs a command and turns each error into one line and an exit status.
@main
enum Main {
    static func main() async {
        // The reader of the log may go away. That must not end a node.
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

    /// Whether an error means a wrong command line or a request for help. ArgumentParser's own errors are not public.
    /// They are recognised by an exit code other than that of a plain failure.
    private static func isAboutUsage(_ error: any Error) -> Bool {
        error is CleanExit || error is ValidationError || Countersign.exitCode(for: error) != .failure
    }
}

/// The root command.
struct Countersign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "Lets operators accept or decline the charges that they bill on a provider's behalf.",
        discussion: """
            One executable runs a node of the service and manages its database and its operators.

            Data goes to standard output, everything else to standard error. The exit status is 0 if the command \
            succeeded, 1 if it failed, and 2 if its usage or configuration was wrong.

            To try the service with its own database and demo data:
              countersign dev
            """,
        version: "0.1.0",
        subcommands: [
            DevCommand.self, ServeCommand.self, MigrateCommand.self, OperatorCommand.self, UserCommand.self,
            KeyCommand.self, SigningKeyCommand.self, ProviderKeyCommand.self, AdminCommand.self,
            ActivityCommand.self,
            ChargesCommand.self,
            StatementCommand.self, ReconcileCommand.self, FeedCommand.self, ReportCommand.self,
            CheckCommand.self,
            BenchCommand.self,
        ])
}
