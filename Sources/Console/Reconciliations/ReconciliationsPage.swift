import Authentication
import Charges
import HTTPFront

/// The reconciliations, newest first, and the form that uploads a file for one.
struct ReconciliationsPage: StreamingPage {
    let reconciliations: any ReconciliationRepository
    let statements: any StatementRepository
    let files: SiteFiles

    let path = "/reconciliations"
    let formRole: Role? = .decider
    let maximumUploadBytes: Int? = ReconciliationFile.maximumBytes

    private static let count = 20
    /// The number of statements that the form offers.
    private static let statementCount = 20

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        try await view(visit, ReconciliationForm(statement: try visit.query.text("statement") ?? ""))
    }

    func receive(_ visit: Visit, check: (FormFields) throws(RequestFailure) -> Void)
        async throws(RequestFailure) -> View
    {
        var form = ReconciliationForm()
        let stored: Reconciliation?
        do throws(RequestFailure) {
            stored = try await files.reconciliation(visit.request, of: visit.account) {
                (fields, fileName) throws(RequestFailure) in
                try check(fields)
                form = try ReconciliationForm(fields)
                guard let parameters = form.parameters(fileName: fileName) else { return nil }
                do throws(ReconciliationFailure) {
                    return try await reconciliations.create(
                        parameters, operatorIdentifier: visit.operatorIdentifier,
                        username: visit.principal.username, idempotencyKey: form.key)
                } catch {
                    try form.addFault(error)
                    return nil
                }
            }
        } catch {
            guard error.code == .idempotencyKeyReused else { throw error }
            form.faults["file"] = error.pageText
            return try await view(visit, form)
        }
        guard let stored else {
            if form.faults.isEmpty { form.faults["file"] = ReconciliationForm.noFile }
            return try await view(visit, form)
        }
        if stored.state == .failed {
            form.faults["file"] =
                "The file cannot be compared: \(stored.failure?.description ?? "the upload was interrupted")."
            return try await view(visit, form)
        }
        return View(seeOther: ReconciliationPage.path(stored.number))
    }

    private static let introduction: String = {
        let columns = ReconciliationColumn.allCases.filter { ![.number, .referenceNumber].contains($0) }
        return
            "A reconciliation compares a file of your billing system with what is held here, row by row. The file's "
            + "first line names its columns: number or reference_number, and any of "
            + columns.map(\.rawValue).joined(separator: ", ")
            + ". Columns that it lacks are not compared. The charges here are those whose last decision was made in the "
            + "period, or in that of the statement."
    }()

    private func view(_ visit: Visit, _ form: ReconciliationForm) async throws(RequestFailure) -> View {
        let before = try visit.query.number("before")
        let found = try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
            try await reconciliations.list(
                operatorIdentifier: visit.operatorIdentifier, before: before, count: Self.count + 1,
                deadline: visit.deadline)
        }
        var table = TableView(
            Self.introduction,
            [
                .init("Reconciliation"), .init("State"), .init("Period"), .init("Rows", isNumber: true),
                .init("Differences", isNumber: true), .init("Closed", isNumber: true), .init("Begun"),
            ],
            found.prefix(Self.count).map(Self.row),
            emptyText: visit.mayDecide
                ? "Nothing has been reconciled yet. Upload a file of your billing system above."
                : "Nothing has been reconciled yet.")
        if visit.mayDecide {
            let page = try await statements.page(
                StatementListQuery(
                    operatorIdentifier: visit.operatorIdentifier, before: nil, count: Self.statementCount,
                    deadline: visit.deadline))
            table.form = form.view(path, page.statements.map(\.statement))
        }
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
