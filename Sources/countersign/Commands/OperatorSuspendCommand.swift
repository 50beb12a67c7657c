import ArgumentParser
import ChargeStore

/// `countersign operator suspend`
struct OperatorSuspendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Keeps an operator out; its tokens end within a second.",
        discussion: "It still gets charges and outcomes, and no policy decides for it.")

    @Argument(help: "The operator's code.")
    var code: String

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let changed = try session.setSuspension(operator: code, true)
        Terminal.say("Operator \(code) \(changed ? "was suspended" : "is suspended already").")
    }
}

/// `countersign operator resume`
struct OperatorResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lets a suspended operator in again; it has to log in anew.")

    @Argument(help: "The operator's code.")
    var code: String

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let changed = try session.setSuspension(operator: code, false)
        Terminal.say("Operator \(code) \(changed ? "was resumed" : "is not suspended").")
    }
}
