import Authentication
import Charges
import DelimitedText
import HTTPFront

/// The pages by which people decide up to 50 charges: the references, the dry run, and after one confirmation the
/// outcome. The confirmation makes its call under a key that the dry run's page has, so that pressing it twice, going
/// back or reloading decides nothing twice.
enum DecisionPages {
    /// The references of the chosen charges, typed in or made.
    struct Selection: Page {
        let charges: any ChargeRepository

        let path = "/decision"
        let minimumRole = Role.decider
        let formRole: Role? = .decider

        func show(_ visit: Visit) async throws(RequestFailure) -> View {
            try await form(visit, try DecisionForm(visit.query), isFilled: false)
        }

        func submit(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
            try await form(
                visit, try DecisionForm(fields), isFilled: try fields.value("fill") != nil)
        }

        func resume(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
            try await form(visit, try DecisionForm(fields), isFilled: false)
        }

        private func form(_ visit: Visit, _ form: DecisionForm, isFilled: Bool) async throws(RequestFailure)
            -> View
        {
            var form = form
            let found = try await charges.found(form.numbers, visit)
            for index in form.items.indices where form.items[index].customer.isEmpty {
                form.items[index].customer =
                    found[ExactText(form.items[index].number)]?.listed.terms
                    .billingSystemCustomerIdentifier
                    .string ?? ""
            }
            let fault = isFilled ? form.makeReferences() : nil
            form.key = nil
            var values = DecisionView(form, .references, charges: found)
            values.error = fault
            return View(.decision, title: "\(values.verb) charges", values)
        }
    }

    /// What the call would do.
    struct DryRun: Page {
        let charges: any ChargeRepository
        let decisions: any DecisionRepository

        let path = "/decision/check"
        let minimumRole = Role.decider
        let formRole: Role? = .decider

        func show(_ visit: Visit) async throws(RequestFailure) -> View { View(seeOther: "/charges") }

        func submit(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
            try await resume(visit, fields)
        }

        func resume(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
            var form = try DecisionForm(fields)
            form.key = form.key ?? ExactText(RandomText.new)
            let found = try await charges.found(form.numbers, visit)
            var values = DecisionView(form, .dryRun, charges: found)
            values.add(try await decisions.dryRun(form.call(visit)), found)
            return View(.decision, title: "\(values.verb) charges: check", values)
        }
    }

    /// The outcome of the call, item by item.
    struct Outcome: Page {
        let dryRun: DryRun

        let path = "/decision/confirm"
        let minimumRole = Role.decider
        let formRole: Role? = .decider

        func show(_ visit: Visit) async throws(RequestFailure) -> View { View(seeOther: "/charges") }

        func submit(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
            let form = try DecisionForm(fields)
            guard form.key != nil else {
                throw RequestFailure(.invalidParameter, "The form is damaged; begin again.")
            }
            let call = form.call(visit)
            let outcomes: [ItemOutcome]
            do throws(RequestFailure) {
                outcomes = try await withDeadline(visit.deadline) {
                    [decisions = dryRun.decisions] () throws(RequestFailure) in
                    try await decisions.decide(call)
                }
            } catch {
                guard [.outcomeUnknown, .serviceUnavailable, .rateLimited].contains(error.code) else {
                    throw error
                }
                // The same form under the same key asks again, and decides nothing twice.
                var values = DecisionView(form, .unknown)
                let isUnknown = error.code == .outcomeUnknown
                values.error =
                    isUnknown
                    ? "It is not known yet whether the charges are \(values.done)."
                    : "Nothing was \(values.done): the service is busy, or cannot be reached for the moment."
                return View(
                    .decision,
                    title: "\(values.verb) charges: \(isUnknown ? "outcome unknown" : "not done yet")", values
                )
            }
            var values = DecisionView(form, .outcome)
            values.add(outcomes)
            values.file = values.rows.file
            var view = View(.decision, title: "\(values.verb) charges: outcome", values)
            view.items = (outcomes.count, outcomes.compactMap(\.failureCode))
            return view
        }

        /// Nothing is decided for a person who has just signed in again: they see the dry run, and confirm.
        func resume(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
            try await dryRun.resume(visit, fields)
        }
    }
}

extension ItemOutcome {
    fileprivate var failureCode: String? {
        if case .failed(let failure) = self { failure.code.rawValue } else { nil }
    }
}

extension DecisionForm {
    fileprivate var numbers: [ExactText] { items.map { ExactText($0.number) } }
}

extension ChargeRepository {
    /// The charges of some numbers that the operator has, by these.
    func found(_ numbers: [ExactText], _ visit: Visit) async throws(RequestFailure)
        -> [ExactText: ChargeRecord]
    {
        let records = try await records(
            numbered: numbers, of: visit.operatorIdentifier, deadline: visit.deadline)
        return Dictionary(records.map { ($0.listed.number, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension [DecisionView.Row] {
    /// The rows as a CSV file for spreadsheets, in a URL of its own (RFC 2397): what is downloaded is what is shown.
    fileprivate var file: String {
        var writer = CSVWriter(forSpreadsheets: true)
        for name in [
            "number", "billing_system_customer_identifier", "reference_number", "result", "description",
            "decided_on",
        ] { writer.write(name) }
        writer.endRecord()
        for row in self {
            for value in [
                row.number, row.customer, row.reference, row.result?.text ?? "",
                row.decidedOn == nil ? row.reason : "",
                row.decidedOn ?? "",
            ] { writer.write(value) }
            writer.endRecord()
        }
        return "data:text/csv;charset=utf-8," + Link.encoded(String(decoding: writer.bytes, as: UTF8.self))
    }
}
