import Authentication
import Charges
import HTTPFront

/// The differences of a reconciliation with the values of both sides, and the form that closes them.
struct DifferencesPage: Page {
    let reconciliations: any ReconciliationRepository

    let path = "/reconciliation/differences"
    let formRole: Role? = .decider

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        try await view(visit, try DifferencesForm(visit.query))
    }

    func submit(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
        let form = try DifferencesForm(fields)
        if let fault = form.fault { return try await view(visit, form, error: fault) }
        let username = visit.principal.username
        let closings = try await ReconciliationFailure.mapping(number: form.number) {
            () throws(ReconciliationFailure) in
            try await reconciliations.close(
                form.chosen.map { ($0, form.reason) }, operatorIdentifier: visit.operatorIdentifier,
                number: form.number, username: username, deadline: visit.deadline)
        }
        // Somebody else closed them first, or the same user did so in another tab.
        let earlier = closings.count { $0.reason != form.reason || $0.username != username }
        guard earlier == 0 else {
            return try await view(
                visit, form,
                error:
                    "\(earlier) of the ticked differences had been closed already. What was said first stays."
            )
        }
        return View(seeOther: form.path)
    }

    func resume(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
        try await view(visit, try DifferencesForm(fields))
    }

    private func view(_ visit: Visit, _ form: DifferencesForm, error: String? = nil)
        async throws(RequestFailure) -> View
    {
        _ = try await reconciliations.found(form.number, visit)
        let count = ReconciliationClosing.maximumCount
        let found = try await ReconciliationFailure.mapping(number: form.number) {
            () throws(ReconciliationFailure) in
            try await reconciliations.differences(
                operatorIdentifier: visit.operatorIdentifier, number: form.number,
                after: Int64(form.after ?? 0), reconciliationClass: form.reconciliationClass,
                count: count + 1,
                deadline: visit.deadline)
        }
        let next = found.count > count ? found.prefix(count).last?.identifier : nil
        return View(
            .differences, title: "Differences of reconciliation \(form.number)",
            DifferencesView(Array(found.prefix(count)), form, next: next, error: error))
    }
}

/// The form that closes differences, and the place of its page.
private struct DifferencesForm {
    let number: Int
    let after: Int?
    let reconciliationClass: ReconciliationClass?
    let chosen: [Int64]
    let reason: String

    init(_ fields: FormFields) throws(RequestFailure) {
        number = try fields.number("number") ?? 0
        after = try fields.number("after")
        reconciliationClass = try fields.parsed(ReconciliationClass.self, "class")
        chosen = fields.values("difference").compactMap { Int64($0) }
        reason = (try fields.value("reason") ?? "").trimmingWhiteSpace
    }

    /// What is wrong with the form; `nil` if nothing is.
    var fault: String? {
        if chosen.isEmpty { return "Tick the differences to close." }
        if chosen.count > ReconciliationClosing.maximumCount {
            return "Tick at most \(ReconciliationClosing.maximumCount) differences."
        }
        let length = reason.unicodeScalars.count
        guard (1...ReconciliationClosing.maximumReasonScalars).contains(length),
            !ExactText(reason).containsNul
        else {
            return "Say in 1 to \(ReconciliationClosing.maximumReasonScalars) characters why they are closed."
        }
        return nil
    }

    /// The path of the page, below the console's.
    var path: String {
        String(
            Link.path(
                "/reconciliation/differences",
                [
                    "number": String(number), "class": reconciliationClass?.rawValue,
                    "after": after.map(String.init),
                ]
            ).dropFirst(Console.path.count))
    }
}

/// The values of the page of differences.
private struct DifferencesView: Sendable {
    struct Value: Sendable {
        let name: String
        let there: String
        let here: String
        let differs: Bool
    }

    struct Row: Sendable {
        let identifier: String
        let name: String
        let line: String
        let reason: String
        let charge: Link?
        let values: [Value]
        let closing: String?
        let isOpen: Bool
        let isChosen: Bool
    }

    let number: Int
    let after: String
    let className: String?
    let classValue: String
    let rows: [Row]
    let isEmpty: Bool
    let reason: String
    let error: String?
    let next: Link?
    let back: Link

    init(_ differences: [ReconciliationDifference], _ form: DifferencesForm, next: Int64?, error: String?) {
        number = form.number
        after = form.after.map(String.init) ?? ""
        classValue = form.reconciliationClass?.rawValue ?? ""
        className = form.reconciliationClass.map { Format.words($0) }
        isEmpty = differences.isEmpty
        reason = form.reason
        self.error = error
        back = Link("Reconciliation \(form.number)", "/reconciliation", ["number": String(form.number)])
        self.next = next.map {
            Link(
                "Next differences", "/reconciliation/differences",
                [
                    "number": String(form.number), "class": form.reconciliationClass?.rawValue,
                    "after": String($0),
                ])
        }
        rows = differences.map { difference in
            let number = difference.here?.number
            return Row(
                identifier: String(difference.identifier),
                name: Format.words(difference.reconciliationClass),
                line: difference.line.map(String.init) ?? "", reason: difference.reason ?? "",
                charge: number.map { Link($0, ChargeDetailsPage.path(ExactText($0))) },
                values: Self.values(difference),
                closing: difference.closing.map {
                    "Closed \(Format.time($0.closedOn)) by \($0.username ?? "the command line"): \($0.reason)"
                },
                isOpen: difference.closing == nil,
                isChosen: form.chosen.contains(difference.identifier))
        }
    }

    private static func values(_ difference: ReconciliationDifference) -> [Value] {
        ReconciliationColumn.allCases.compactMap { column in
            let there = difference.there?[column]
            let here = difference.here?[column]
            guard there != nil || here != nil else { return nil }
            return Value(
                name: Format.words(column.rawValue), there: there ?? "—", here: here ?? "—",
                differs: difference.fields.contains(column.rawValue))
        }
    }
}
