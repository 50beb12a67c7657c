import Charges
import ChargeStore
import PrivatePostgreSQL

/// Why a command ends without having done its work: one line for a person, and the exit status.
struct CommandFailure: Error {
    /// Failed at what it was asked to do.
    static let failed: Int32 = 1
    /// Was asked wrongly.
    static let wrongUsage: Int32 = 2

    let line: String
    let status: Int32

    init(_ line: String, status: Int32 = CommandFailure.failed) {
        // Whatever a message was made of, it stays one line.
        self.line = line.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.status = status
    }

    /// Runs a body; what it throws becomes a failure of the command.
    static func wrapping<Value>(_ body: () throws -> Value) throws(CommandFailure) -> Value {
        do {
            return try body()
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Anything that was thrown.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as AdministrationFailure: self.init(failure.description)
        case let failure as ImportFailure: self.init("\(failure); nothing of the file was imported")
        case let failure as PrivatePostgreSQLError: self.init(failure.description)
        default: self.init("\(error)")
        }
    }
}
