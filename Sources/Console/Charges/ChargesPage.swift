import Authentication
import Charges
import HTTPFront

/// The search in all charges, from which people choose the ones to decide. Without a filter it shows the undecided ones.
struct ChargesPage: Page {
    let search: any ChargeSearchRepository

    let path = "/charges"

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let form = try ChargeSearchForm(visit.query)
        var after: ChargePlace?
        if let text = try visit.query.text("after") {
            after = ChargeSearchCursor.place(
                in: text, operatorCode: visit.account.code, filter: form.filter, order: form.order)
            guard after != nil else {
                throw RequestFailure(.invalidParameter, "The page is of another search; search again.")
            }
        }
        var page = ChargeSearchPage(charges: [], next: nil, endsEarly: false)
        if form.faults.isEmpty {
            page = try await search.page(
                ChargeSearch(
                    operatorIdentifier: visit.operatorIdentifier, filter: form.filter, order: form.order,
                    after: after, deadline: visit.deadline))
        }
        let isChosen = try visit.query.value("chosen") == "all"
        return View(
            .charges, title: "Charges",
            ChargesView(
                page, form, visit, after: after == nil ? nil : try visit.query.text("after"),
                isChosen: isChosen))
    }
}

/// The form of the search, as its page has it in its query.
struct ChargeSearchForm: Sendable {
    private(set) var filter = ChargeSearchFilter()
    private(set) var order = ChargeSearchOrder.oldestFirst
    /// The texts of the form's fields, by their names, with what is wrong with them.
    let texts: [String: String]
    private(set) var faults: [String: String] = [:]

    /// The fields of the form.
    static let names = [
        "status", "acknowledged", "decision", "customer", "number", "reference", "from", "to", "order",
    ]

    init(_ query: FormFields) throws(RequestFailure) {
        var texts: [String: String] = [:]
        for name in Self.names { texts[name] = try query.text(name) }
        self.texts = texts
        guard try query.value("decision") != nil || !texts.isEmpty else {
            filter.decision = .undecided
            filter.status = .status(.pending)
            return
        }
        filter.status = try query.parsed(ChargeStatusFilter.self, "status")
        filter.isAcknowledged = try query.parsed(Answer.self, "acknowledged").map { $0 == .yes }
        filter.decision = try query.parsed(DecisionFilter.self, "decision")
        filter.customer = texts["customer"].map { ExactText($0) }
        filter.number = texts["number"].map { ExactText($0) }
        filter.referenceNumber = texts["reference"].map { ExactText($0) }
        order = try query.parsed(ChargeSearchOrder.self, "order") ?? .oldestFirst
        filter.receivedFrom = date("from")
        filter.receivedBefore = date("to")
    }

    private enum Answer: String {
        case yes, no
    }

    private mutating func date(_ name: String) -> Timestamp? {
        guard let text = texts[name] else { return nil }
        guard text.utf8.count == 10, let date = Timestamp(text), date.isStorable else {
            faults[name] = "must be a date, YYYY-MM-DD"
            return nil
        }
        return date
    }

    /// The link to a page of the search, or to its file.
    ///
    /// - Parameter isChosen: Whether all charges of the page are ticked there.
    func link(_ text: String, path: String = "/charges", after: String? = nil, isChosen: Bool = false) -> Link
    {
        var parameters = Self.names.compactMap { name in texts[name].map { (name, $0) } }
        if parameters.isEmpty { parameters = [("status", "PENDING"), ("decision", "NONE")] }
        if let after { parameters.append(("after", after)) }
        if isChosen { parameters.append(("chosen", "all")) }
        let query = parameters.map { "\($0.0)=\(Link.encoded($0.1))" }.joined(separator: "&")
        return Link(text, "\(path)?\(query)")
    }

    /// The same number and reference number among all charges; `nil` if the form names neither, or nothing besides.
    var wider: Link? {
        let names = ["customer", "number", "reference"].filter { texts[$0] != nil }
        guard !names.isEmpty, filter.status != nil || filter.decision != nil || filter.isAcknowledged != nil
        else { return nil }
        let query = names.map { "\($0)=\(Link.encoded(texts[$0] ?? ""))" }.joined(separator: "&")
        return Link("Search all charges for it", "/charges?status=&decision=&\(query)")
    }
}

/// The values of the page of charges.
private struct ChargesView: Sendable {
    struct Row: Sendable {
        let number: String
        let path: String
        let customer: String
        let amount: AmountView
        let localAmount: AmountView
        let status: StateView
        let isAcknowledged: Bool
        let decision: StateView
        let reference: String
        let receivedOn: String
        let age: String
        let decideBy: String?
    }

    struct Choice: Sendable {
        let text: String
        let value: String
        let isChosen: Bool
    }

    let rows: [Row]
    let isEmpty: Bool
    let endsEarly: Bool
    let statuses: [Choice]
    let acknowledgements: [Choice]
    let decisions: [Choice]
    let orders: [Choice]
    let customer: String
    let number: String
    let reference: String
    let from: String
    let to: String
    let fromFault: String?
    let toFault: String?
    let next: Link?
    let first: Link?
    /// Whether all charges are ticked, and the page where it is the other way round.
    let isChosen: Bool
    let choice: Link
    let file: Link
    let wider: Link?

    init(_ page: ChargeSearchPage, _ form: ChargeSearchForm, _ visit: Visit, after: String?, isChosen: Bool) {
        self.isChosen = isChosen
        choice = form.link(
            isChosen ? "Tick none" : "Tick all on this page", after: after, isChosen: !isChosen)
        file = form.link(
            "Download all of this search, up to \(Format.count(Int64(ChargesFile.maximumCharges))) charges, as CSV",
            path: ChargesFile.path)
        wider = form.wider
        rows = page.charges.map { record in
            let charge = record.listed
            return Row(
                number: charge.number.string, path: Console.path + ChargeDetailsPage.path(charge.number),
                customer: charge.terms.billingSystemCustomerIdentifier.string,
                amount: AmountView(charge.terms.amount, charge.terms.currency),
                localAmount: AmountView(charge.terms.localCurrencyAmount, charge.terms.localCurrency),
                status: StateView(charge.status), isAcknowledged: record.acknowledgedOn != nil,
                decision: StateView(charge.decision),
                reference: charge.decisionReferenceNumber?.string ?? "",
                receivedOn: Format.time(charge.receivedOn),
                age: Format.age(from: charge.receivedOn, to: visit.now),
                decideBy: charge.decideBy.map(Format.time))
        }
        isEmpty = rows.isEmpty
        endsEarly = page.endsEarly
        let filter = form.filter
        statuses = Self.choices(
            "Any status", ChargeStatusFilter.allCases.map(\.rawValue), chosen: filter.status?.rawValue)
        acknowledgements = [
            Choice(text: "Acknowledged or not", value: "", isChosen: filter.isAcknowledged == nil),
            Choice(text: "Not acknowledged", value: "no", isChosen: filter.isAcknowledged == false),
            Choice(text: "Acknowledged", value: "yes", isChosen: filter.isAcknowledged == true),
        ]
        decisions =
            [Choice(text: "Any decision", value: "", isChosen: filter.decision == nil)]
            + DecisionFilter.allCases.map { decision in
                Choice(
                    text: decision == .undecided ? "Undecided" : Format.title(decision.rawValue),
                    value: decision.rawValue, isChosen: filter.decision == decision)
            }
        orders = [
            Choice(text: "Oldest first", value: "oldest", isChosen: form.order == .oldestFirst),
            Choice(text: "Newest first", value: "newest", isChosen: form.order == .newestFirst),
        ]
        customer = form.texts["customer"] ?? ""
        number = form.texts["number"] ?? ""
        reference = form.texts["reference"] ?? ""
        from = form.texts["from"] ?? ""
        to = form.texts["to"] ?? ""
        fromFault = form.faults["from"]
        toFault = form.faults["to"]
        next = page.next.map { place in
            form.link(
                page.endsEarly ? "Search on" : "Next charges",
                after: ChargeSearchCursor(
                    place, operatorCode: visit.account.code, filter: filter, order: form.order
                ).text)
        }
        first = after == nil ? nil : form.link("First charges")
    }

    private static func choices(_ any: String, _ values: [String], chosen: String?) -> [Choice] {
        [Choice(text: any, value: "", isChosen: chosen == nil)]
            + values.map { Choice(text: Format.title($0), value: $0, isChosen: $0 == chosen) }
    }
}
