import ArgumentParser
import ChargeStore

/// `countersign user suspend`
struct UserSuspendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Keeps a user out; its tokens end within a second.")

    @OptionGroup var user: UserOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let changed = try session.setSuspension(
            operatorCode: user.operatorCode, username: user.username, true)
        Terminal.say(
            "User \(user.username) of operator \(user.operatorCode) "
                + (changed ? "was suspended." : "is suspended already."))
    }
}

/// `countersign user resume`
struct UserResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lets a suspended user in again; it has to log in anew.")

    @OptionGroup var user: UserOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let changed = try session.setSuspension(
            operatorCode: user.operatorCode, username: user.username, false)
        Terminal.say(
            "User \(user.username) of operator \(user.operatorCode) "
                + (changed ? "was resumed." : "is not suspended."))
    }
}
