import ArgumentParser
import Foundation

/// The program: runs a command, and turns whatever goes wrong into one line and an exit status.
@main
enum Main {
    static func main() async {
        do {
            var command = try Countersign.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Terminal.say("countersign: \(failure.line)")
            exit(failure.status)
        } catch {
            let isFailure = Countersign.exitCode(for: error) != .success
            let text = Countersign.fullMessage(for: error)
            if isFailure { Terminal.say(text) } else { print(text) }
            exit(isFailure ? CommandFailure.wrongUsage : 0)
        }
    }
}
