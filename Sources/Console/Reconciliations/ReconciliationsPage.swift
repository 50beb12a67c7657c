import Charges
import HTTPFront

/// The reconciliations, newest first.
struct ReconciliationsPage: Page {
    let reconciliations: any ReconciliationRepository

    let path = "/reconciliations"

    private static let count = 20

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let before = try visit.query.number("before")
        let found = try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
            try await reconciliations.list(
                operatorIdentifier: visit.operatorIdentifier, before: before, count: Self.count + 1,
                deadline: visit.deadline)
        }
        var table = TableView(
            "A reconciliation compares a file of your billing system with what is held here, row by row.",
            [
                .init("Reconciliation"), .init("State"), .init("Period"), .init("Rows", isNumber: true),
                .init("Differences", isNumber: true), .init("Closed", isNumber: true), .init("Begun"),
            ],
            found.prefix(Self.count).map(Self.row),
            emptyText:
                "Nothing has been reconciled yet. Upload a file by POST netflix/reconciliations/create, "
                + "as /docs describes.")
        if found.count > Self.count, let last = found.prefix(Self.count).last {
            table.next = Link("Older reconciliations", "/reconciliations", ["before": String(last.number)])
        }
        table.first = before.map { _ in Link("Newest reconciliations", "/reconciliations") }
        return View(.table, title: "Reconciliations", table)
    }

    private static func row(_ reconciliation: Reconciliation) -> [TableView.Cell] {
        let name = reconciliation.name.map { ": \($0)" } ?? ""
        return [
            .link(
                Link(
                    "\(reconciliation.number)\(name)", "/reconciliation",
                    ["number": String(reconciliation.number)])),
            .state(StateView(reconciliation.state)),
            .text("\(Format.date(reconciliation.beginsOn)) to \(Format.date(reconciliation.endsOn))"),
            .number(Format.count(reconciliation.rows)), .number(Format.count(reconciliation.differences)),
            .number(Format.count(reconciliation.closedDifferences)),
            .text(Format.time(reconciliation.createdOn), note: reconciliation.username),
        ]
    }
}

extension StateView {
    init(_ state: Reconciliation.State) {
        self.init(
            Format.words(state.rawValue),
            tone: state == .done ? "good" : state == .failed ? "bad" : "open")
    }
}
