import Charges
import HTTPFront

/// The form that uploads a file to be compared: the decisions of a closed statement or of a period, and the file.
struct ReconciliationForm: Sendable {
    /// The number of the statement; empty for the period.
    let statement: String
    let from: String
    let to: String
    let decision: String
    let name: String
    /// The key of the upload, so that a form that is sent twice is one reconciliation.
    let key: ExactText?
    /// What is wrong, by the names of the fields; of the form as a whole under no name.
    var faults: [String: String] = [:]

    static let noFile = "Choose a file."

    init(statement: String = "") {
        self.statement = statement
        from = ""
        to = ""
        decision = ReconciledDecision.accepted.rawValue
        name = ""
        key = nil
    }

    init(_ fields: FormFields) throws(RequestFailure) {
        statement = try fields.value("statement") ?? ""
        from = try fields.value("from") ?? ""
        to = try fields.value("to") ?? ""
        decision = try fields.value("decision") ?? ""
        name = try fields.value("name") ?? ""
        key = try fields.text("key").flatMap { RandomText.isWellFormed($0) ? ExactText($0) : nil }
    }

    /// What is to be compared; `nil` if something is wrong, which `faults` then says.
    ///
    /// - Parameter fileName: The name of the file, whose ending says what is in it.
    mutating func parameters(fileName: String) -> ReconciliationParameters? {
        if fileName.isEmpty { faults["file"] = Self.noFile }
        guard let decision = ReconciledDecision(rawValue: decision) else {
            faults["decision"] = "Choose the decisions."
            return nil
        }
        if !ReconciliationParameters.isName(name) {
            faults["name"] =
                "The name must have at most \(ReconciliationParameters.maximumNameScalars) characters."
        }
        var first: Timestamp?
        var end: Timestamp?
        var number: Int?
        if statement.isEmpty {
            first = date("from", from)
            end = date("to", to)
        } else {
            number = Int(statement)
            if number == nil { faults["statement"] = "Choose a statement." }
            // The statement's period counts.
            first = Timestamp(microsecondsSince2000: 0)
            end = first
        }
        guard faults.isEmpty, let first, let end else { return nil }
        return ReconciliationParameters(
            format: fileName.lowercased().hasSuffix("json") ? .ndjson : .csv, from: first, to: end,
            decision: decision, name: name.isEmpty ? nil : name, statement: number)
    }

    private mutating func date(_ field: String, _ text: String) -> Timestamp? {
        guard let date = ReconciliationParameters.date(text), date.isStorable else {
            faults[field] = "Choose a day, or a statement instead of a period."
            return nil
        }
        return date
    }

    /// Says what a refusal means for the form.
    ///
    /// - Throws: The failure, if the form is not the reason.
    mutating func addFault(_ failure: ReconciliationFailure) throws(RequestFailure) {
        switch failure {
        case .emptyPeriod: faults["to"] = "The end must be later than the first day."
        case .noSuchStatement: faults["statement"] = "There is no such statement."
        case .stillReceiving:
            faults[""] = "The file of this form is arriving already; it is in the list in a moment."
        case .tooMany: faults[""] = failure.requestFailure().description
        default: throw failure.requestFailure()
        }
    }

    /// The form with its values, for another upload under a key of its own.
    ///
    /// - Parameter statements: The statements to choose from, newest first.
    func view(_ path: String, _ statements: [ClosedStatement]) -> FormView {
        let choices = statements.map { closed in
            FormView.Choice(
                text:
                    "Statement \(closed.number), \(Format.date(closed.beginsOn)) to \(Format.date(closed.endsOn))",
                value: String(closed.number), isChosen: String(closed.number) == statement)
        }
        let decisions: [(ReconciledDecision, String)] = [
            (.accepted, "Accepted"), (.declined, "Declined"), (.any, "Accepted and declined"),
        ]
        // The file is the last field: it is passed on as it arrives, when all others are known.
        let fields: [FormView.Field] = [
            .init(
                "Compare with", "statement",
                choices: [.init(text: "the period that you give", value: "", isChosen: statement.isEmpty)]
                    + choices),
            .init("Decided from", "from", type: "date", value: from),
            .init("until before", "to", type: "date", value: to),
            .init(
                "Decisions", "decision",
                choices: decisions.map {
                    .init(text: $1, value: $0.rawValue, isChosen: $0.rawValue == decision)
                }),
            FormView.Field("Name (optional)", "name", value: name).with { $0.autocomplete = "off" },
            FormView.Field("File (CSV or NDJSON)", "file", type: "file").with {
                $0.isRequired = true
                $0.accept = ".csv,.ndjson,text/csv"
            },
        ]
        var form = FormView(
            path, fields.map { field in field.with { $0.fault = faults[field.name] } },
            button: "Upload and compare")
        form.hidden = [.init(name: "key", value: RandomText.new)]
        form.isUpload = true
        form.isRow = true
        form.error = faults[""]
        return form
    }
}
