import Charges
import HTTPFront

/// One reconciliation: its state, and the rows and sums of each class.
struct ReconciliationPage: Page {
    let reconciliations: any ReconciliationRepository

    let path = "/reconciliation"

    /// The path of a reconciliation's page.
    static func path(_ number: Int) -> String { "/reconciliation?number=\(number)" }

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let number = try visit.query.number("number") ?? 0
        let found = try await reconciliations.found(number, visit)
        var view = View(
            .reconciliation, title: "Reconciliation \(number)",
            ReconciliationView(found.reconciliation, found.totals))
        if ![.done, .failed].contains(found.reconciliation.state) {
            view.reloadSeconds = View.progressSeconds
        }
        return view
    }
}

extension ReconciliationRepository {
    /// A reconciliation of the visit's operator.
    ///
    /// - Throws: `notFound`.
    func found(_ number: Int, _ visit: Visit) async throws(RequestFailure) -> (
        reconciliation: Reconciliation, totals: [ReconciliationTotal]
    ) {
        let found = try await ReconciliationFailure.mapping(number: number) {
            () throws(ReconciliationFailure) in
            try await show(
                operatorIdentifier: visit.operatorIdentifier, number: number, deadline: visit.deadline)
        }
        guard let found else {
            throw ReconciliationFailure.noSuchReconciliation.requestFailure(number: number)
        }
        return found
    }
}

/// The values of a reconciliation's page.
private struct ReconciliationView: Sendable {
    struct Total: Sendable {
        let name: String
        let link: Link?
        let side: String
        let rows: String
        let amount: AmountView?
        let localAmount: AmountView?
        let difference: AmountView?
    }

    let number: Int
    let name: String?
    let state: StateView
    let isDone: Bool
    let isUnderWay: Bool
    let failure: String?
    let period: String
    let decision: String
    let rows: String
    let comparedRows: String
    let differences: String
    let closed: String
    let open: String
    let isTruncated: Bool
    let asOf: String
    let by: String
    let digest: String
    let totals: [Total]
    let all: Link
    let file: Link
    let reload: Link

    init(_ reconciliation: Reconciliation, _ totals: [ReconciliationTotal]) {
        number = reconciliation.number
        name = reconciliation.name
        state = StateView(reconciliation.state)
        isDone = reconciliation.state == .done
        isUnderWay = ![.done, .failed].contains(reconciliation.state)
        failure = reconciliation.failure?.description
        period = "\(Format.date(reconciliation.beginsOn)) to \(Format.date(reconciliation.endsOn))"
        decision = Format.words(reconciliation.decision.rawValue)
        rows = Format.count(reconciliation.rows)
        comparedRows = Format.count(reconciliation.comparedRows)
        differences = Format.count(reconciliation.differences)
        closed = Format.count(reconciliation.closedDifferences)
        open = Format.count(reconciliation.differences - reconciliation.closedDifferences)
        isTruncated = reconciliation.isTruncated
        asOf = Format.time(reconciliation.asOf)
        by = reconciliation.username ?? "the command line"
        digest = reconciliation.fileDigest.map(Hexadecimal.text) ?? ""
        let parameters: KeyValuePairs<String, String?> = ["number": String(reconciliation.number)]
        all = Link("All differences", "/reconciliation/differences", parameters)
        file = Link(
            "Differences as CSV for spreadsheets", "/reconciliations/download",
            [
                "number": String(reconciliation.number), "format": "csv", "spreadsheet": "true",
            ])
        reload = Link("Look again", "/reconciliation", parameters)
        self.totals = totals.map { total in
            Total(
                name: Format.words(total.reconciliationClass),
                link: total.reconciliationClass == .matched
                    ? nil
                    : Link(
                        Format.words(total.reconciliationClass), "/reconciliation/differences",
                        [
                            "number": String(reconciliation.number),
                            "class": total.reconciliationClass.rawValue,
                        ]),
                side: total.side == .there ? "your file" : "here", rows: Format.count(total.rows),
                amount: total.amount.map { AmountView(digits: $0, total.currency) },
                localAmount: total.localCurrencyAmount.map {
                    AmountView(digits: $0, total.localCurrency)
                },
                difference: total.localCurrencyAmountDifference.map {
                    AmountView(digits: $0, total.localCurrency)
                })
        }
    }
}
