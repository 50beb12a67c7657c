import ArgumentParser
import ChargeStore
import Charges

/// `countersign user list`
struct UserListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the users of an operator, or of all.")

    @Option(name: .customLong("operator"), help: "The operator's code; without it, all operators.")
    var operatorCode: String?

    @Option(help: "text or json.")
    var format: ChargesShowCommand.Format = .text

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let rows = try session.users(operatorCode: operatorCode).map {
            [$0.operatorCode, $0.name, $0.createdOn.text, $0.endedOn?.text]
        }
        Listing(
            columns: [
                .init("operator"), .init("username", .bold), .init("created_on", .dim),
                .init("suspended_on", .yellow),
            ], rows: rows
        ).show(format)
    }
}
