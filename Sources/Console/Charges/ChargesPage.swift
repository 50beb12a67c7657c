import Authentication
import Charges
import HTTPFront

/// The list of unacknowledged charges, from which people choose the ones to decide.
struct ChargesPage: Page {
    let charges: any ChargeRepository

    let path = "/charges"

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let query = visit.query
        if let name = try query.text("find") { return try await find(name, visit) }
        let filter = ChargeListFilter(
            isProcessed: try query.value("status") == "processed",
            decision: try query.text("decision").flatMap(DecisionFilter.init(rawValue:)),
            customer: try query.text("customer").map { ExactText($0) })
        var after: ChargePlace?
        if let text = try query.text("after") {
            after = ChargeCursor.place(in: text, operatorCode: visit.account.code, filter: filter)
            guard after != nil else {
                throw RequestFailure(.invalidParameter, "The page is of another list; open the list again.")
            }
        }
        let page = try await charges.page(
            ChargeListQuery(
                operatorIdentifier: visit.operatorIdentifier, filter: filter, start: .after(after),
                count: ChargeListQuery.maximumCount, deadline: visit.deadline))
        return View(.charges, title: "Charges", ChargesView(page, filter, visit, isFirst: after == nil))
    }

    /// Leads to the charge of a number or a reference number.
    private func find(_ text: String, _ visit: Visit) async throws(RequestFailure) -> View {
        for name in [ChargeName.number(ExactText(text)), .referenceNumber(ExactText(text))] {
            if let found = try await charges.charge(
                named: name, of: visit.operatorIdentifier, deadline: visit.deadline)
            {
                return View(seeOther: ChargeDetailsPage.path(found.record.listed.number))
            }
        }
        throw RequestFailure(
            .notFound, "No charge has this number, and none ever took it as its reference number.")
    }
}

/// The values of the list of charges.
private struct ChargesView: Sendable {
    struct Row: Sendable {
        let number: String
        let path: String
        let customer: String
        let amount: AmountView
        let localAmount: AmountView
        let status: StateView
        let decision: StateView
        let reference: String
        let receivedOn: String
        let age: String
        let decideBy: String
    }

    struct Choice: Sendable {
        let text: String
        let value: String
        let isChosen: Bool
    }

    let rows: [Row]
    let isEmpty: Bool
    let isProcessed: Bool
    let statuses: [Choice]
    let decisions: [Choice]
    let customer: String
    let next: Link?
    let first: Link?

    init(_ page: ChargePage, _ filter: ChargeListFilter, _ visit: Visit, isFirst: Bool) {
        rows = page.charges.map { charge in
            Row(
                number: charge.number.string, path: Console.path + ChargeDetailsPage.path(charge.number),
                customer: charge.terms.billingSystemCustomerIdentifier.string,
                amount: AmountView(charge.terms.amount, charge.terms.currency),
                localAmount: AmountView(charge.terms.localCurrencyAmount, charge.terms.localCurrency),
                status: StateView(charge.status), decision: StateView(charge.decision),
                reference: charge.decisionReferenceNumber?.string ?? "",
                receivedOn: Format.time(charge.receivedOn),
                age: Format.age(from: charge.receivedOn, to: visit.now),
                decideBy: Format.time(charge.decideBy))
        }
        isEmpty = rows.isEmpty
        isProcessed = filter.isProcessed
        statuses = [
            Choice(text: "Not processed", value: "open", isChosen: !filter.isProcessed),
            Choice(text: "Processed, not acknowledged", value: "processed", isChosen: filter.isProcessed),
        ]
        decisions =
            [Choice(text: "Any decision", value: "", isChosen: filter.decision == nil)]
            + DecisionFilter.allCases.map { decision in
                Choice(
                    text: decision == .undecided ? "Undecided" : Format.title(decision.rawValue),
                    value: decision.rawValue, isChosen: filter.decision == decision)
            }
        customer = filter.customer?.string ?? ""
        let link = { (text: String, after: String?) in
            Link(
                text, "/charges",
                [
                    "status": filter.isProcessed ? "processed" : nil, "decision": filter.decision?.rawValue,
                    "customer": filter.customer?.string, "after": after,
                ])
        }
        next = page.next.map { place in
            link(
                "Next charges",
                ChargeCursor(place, operatorCode: visit.account.code, filter: filter).text)
        }
        first = isFirst ? nil : link("First charges", nil)
    }
}
