import ArgumentParser
import ChargeStore
import Charges
import HTTPFront

/// `countersign charges show`
struct ChargesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a charge with its decisions and references.")

    /// How it is shown.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: "The charge's number.")
    var number: String

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Option(help: "text or json.")
    var format: Format = .text

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        guard let charge = try session.charge(number: ExactText(number), operatorCode: operatorCode) else {
            throw CommandFailure("operator \(operatorCode) has no charge \(number)")
        }
        let view = ChargeView(charge: charge)
        print(format == .json ? view.json.text : view.text)
    }
}
