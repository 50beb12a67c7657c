import Charges
import HTTPFront

/// The closed statements, newest first, with their files.
struct StatementsPage: Page {
    let statements: any StatementRepository

    let path = "/statements"

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let before = try visit.query.number("before")
        let page = try await statements.page(
            StatementListQuery(
                operatorIdentifier: visit.operatorIdentifier, before: before, count: 20,
                deadline: visit.deadline))
        var table = TableView(
            "A statement lists every decision, outcome and acknowledgement of a day. It never changes: both sides "
                + "can compare its digest.",
            [
                .init("Statement", isNumber: true), .init("From"), .init("To"),
                .init("Events", isNumber: true),
                .init("Accepted", isNumber: true), .init("Digest"), .init("Files"),
            ],
            page.statements.map(Self.row),
            emptyText: "No statement is closed yet. The first one is closed at the end of the day.")
        table.next = page.next.map { Link("Older statements", "/statements", ["before": String($0)]) }
        table.first = before.map { _ in Link("Newest statements", "/statements") }
        return View(.table, title: "Statements", table)
    }

    private static func row(_ listed: ListedStatement) -> [TableView.Cell] {
        let statement = listed.statement
        let accepted = listed.totals.filter { $0.kind == .decisionAccepted }.map {
            AmountView(digits: $0.localCurrencyAmount, $0.localCurrency)
        }
        let file = { (text: String, isForSpreadsheets: Bool) in
            Link(
                text, "/statements/download",
                [
                    "number": String(statement.number), "format": "csv",
                    "spreadsheet": isForSpreadsheets ? "true" : nil,
                ])
        }
        let digest = statement.digest.map(Hexadecimal.text)
        return [
            .number(String(statement.number)), .text(Format.time(statement.beginsOn)),
            .text(Format.time(statement.endsOn)), .number(Format.count(statement.eventCount)),
            .amounts(accepted),
            .text(digest.map { String($0.prefix(16)) + "…" } ?? "is being computed"),
            TableView.Cell(
                link: digest == nil ? nil : file("CSV", false),
                secondLink: digest == nil ? nil : file("For spreadsheets", true)),
        ]
    }
}
