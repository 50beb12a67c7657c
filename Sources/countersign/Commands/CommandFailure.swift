import ArgumentParser
import Charges
import ChargeStore
import DelimitedText
import EmbeddedPostgres

/// The reason why a command failed: one line for a person, and the exit status.
struct CommandFailure: Error {
    /// The exit status of a command that could not do its work.
    static let failed: Int32 = 1
    /// The exit status of wrong usage or configuration.
    static let wrongUsage: Int32 = 2
    /// The exit status of a comparison that found differences.
    static let differences: Int32 = 3

    let line: String
    let status: Int32

    init(_ line: String, status: Int32 = CommandFailure.failed) {
        // A message from the database may have several lines; the output is one line.
        self.line = line.split(whereSeparator: \.isNewline).joined(separator: " ").escapingControls()
        self.status = status
    }

    /// Runs a body and turns every error that it throws into a failure of the command.
    static func wrapping<Value>(_ body: () throws -> Value) throws(CommandFailure) -> Value {
        do {
            return try body()
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The failure that describes any error.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as AdministrationFailure: self.init(failure.description)
        case let failure as ImportFailure: self.init("\(failure); nothing was imported")
        case let failure as CSVError: self.init("\(failure); nothing was imported")
        case let fault as ReconciliationFileFault: self.init("the file cannot be compared: \(fault)")
        case let failure as FileError: self.init(failure.description)
        case let failure as EmbeddedPostgresError: self.init(failure.description)
        default: self.init("\(error)")
        }
    }
}

extension TimeSpan: ExpressibleByArgument {
    package init?(argument: String) { self.init(text: argument) }

    package var defaultValueDescription: String { text }
}
