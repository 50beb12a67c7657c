import ArgumentParser
import ChargeStore
import Charges

/// `countersign operator list`
struct OperatorListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the operators and their settings.")

    @Option(help: "text or json.")
    var format: ChargesShowCommand.Format = .text

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let rows = try session.operators().map { one in
            [
                one.code, one.currency, one.undecidedPolicy.rawValue,
                TimeSpan(seconds: one.undecidedWindowSeconds).text,
                one.errorStatusPolicy?.rawValue ?? OperatorSetCommand.HTTPStatus.byDefault,
                one.repeatedDecisionsSucceed ? "success" : "failure", one.createdOn.text,
                one.suspendedOn?.text,
            ]
        }
        Listing(
            columns: [
                .init("operator", .bold), .init("currency"), .init("undecided", .cyan), .init("window"),
                .init("http_status"), .init("repeat"), .init("created_on", .dim),
                .init("suspended_on", .yellow),
            ], rows: rows
        ).show(format)
    }
}
