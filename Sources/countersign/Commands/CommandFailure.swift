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

/// A span of time on the command line: `90s`, `15m`, `72h`, `3d`.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init(seconds: Int) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()),
            count > 0,
            count <= 10_000
        else { return nil }
        seconds = count * unit
    }

    /// The span in the largest unit, up to hours, that divides it evenly.
    var text: String {
        if seconds.isMultiple(of: 3600) { return "\(seconds / 3600)h" }
        return seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
    }

    var defaultValueDescription: String { text }
}
