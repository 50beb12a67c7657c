import Charges

/// The values of the pages that decide charges.
struct DecisionView: Sendable {
    /// The pages, one after the other.
    enum Stage { case references, dryRun, outcome, unknown }

    struct Row: Sendable {
        let number: String
        let path: String
        let customer: String
        let amount: AmountView?
        let reference: String
        var result: StateView?
        var reason: String
        /// When the charge was decided, by the outcome.
        var decidedOn: String?
    }

    private let chargeAction: ChargeAction
    let action: String
    /// The action as the first word of a sentence, and as what has been done.
    let verb: String
    let done: String
    var rows: [Row]
    let count: Int
    let prefix: String
    let first: String
    let key: String
    var error: String?
    var isReferences = false
    var isDryRun = false
    var isOutcome = false
    var isUnknown = false
    /// The number of items that succeed, and of those that fail.
    var successes = 0
    /// The charges that succeed, as a noun.
    var noun = "charges"
    var failures = 0
    /// The sums of the charges that succeed, a currency each.
    var sums: [AmountView] = []
    /// The outcome as a file.
    var file: String?
    /// The page to which the form goes.
    let next: String
    let hasAmounts: Bool
    let hasResults: Bool
    var hasFailures = false
    var hasSuccesses = false
    var hasSums = false
    /// What a person should know before the confirmation, a sentence each.
    var warnings: [String] = []

    init(_ form: DecisionForm, _ stage: Stage, charges: [ExactText: ChargeRecord] = [:]) {
        chargeAction = form.action
        action = form.name
        verb = Format.title(form.name)
        done = DecisionForm.done(form.action)
        rows = form.items.map { item in
            let terms = charges[ExactText(item.number)]?.listed.terms
            return Row(
                number: item.number, path: Console.path + ChargeDetailsPage.path(ExactText(item.number)),
                customer: item.customer,
                amount: terms.map { AmountView($0.localCurrencyAmount, $0.localCurrency) },
                reference: item.reference, result: nil, reason: "")
        }
        count = rows.count
        prefix = form.prefix
        first = form.first
        key = form.key?.string ?? ""
        next = Console.path + (stage == .references ? "/decision/check" : "/decision/confirm")
        hasAmounts = !charges.isEmpty
        hasResults = stage == .dryRun || stage == .outcome
        switch stage {
        case .references: isReferences = true
        case .dryRun: isDryRun = true
        case .outcome: isOutcome = true
        case .unknown: isUnknown = true
        }
    }

    /// Adds the results of a dry run.
    mutating func add(_ outcomes: [DryRunOutcome], _ charges: [ExactText: ChargeRecord]) {
        var sums: [String: ExactSum] = [:]
        var changes = 0
        var withoutReference = 0
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .decidable:
                rows[index].result = StateView("will be \(done)", tone: "good")
                let charge = charges[ExactText(rows[index].number)]
                if let charge {
                    rows[index].reason = Self.present(charge.listed)
                    if charge.listed.decision != nil { changes += 1 }
                }
                if rows[index].reference.isEmpty { withoutReference += 1 }
                if let terms = charge?.listed.terms {
                    sums[terms.localCurrency, default: ExactSum()].add(terms.localCurrencyAmount)
                }
                successes += 1
            case .repeated(let made):
                rows[index].result = StateView("is \(done) already", tone: "plain")
                rows[index].reason = "since \(Format.time(made.decidedOn)); nothing changes"
                successes += 1
            case .failed(let failure): fail(index, failure)
            }
        }
        warnings = Self.warnings(changes: changes, withoutReference: withoutReference, action: chargeAction)
        hasSuccesses = successes > 0
        noun = successes == 1 ? "charge" : "charges"
        hasSums = !sums.isEmpty
        self.sums = sums.sorted { $0.key < $1.key }.map { AmountView(digits: $1.description, $0) }
    }

    /// What a charge is that is to be decided: who takes a decision back must know that there is one.
    static func present(_ charge: ListedCharge) -> String {
        guard charge.status == .pending, let decision = charge.decision else { return "" }
        let reference = charge.decisionReferenceNumber.map { " under \($0.string)" } ?? ""
        return "is \(StateView(decision).text)\(reference) now"
    }

    /// What a person should know before they confirm, a sentence each.
    ///
    /// - Parameters:
    ///   - changes: The charges that are decided otherwise now.
    ///   - withoutReference: The charges without a reference number.
    static func warnings(changes: Int, withoutReference: Int, action: ChargeAction) -> [String] {
        guard let decision = action.decision else { return [] }
        var warnings: [String] = []
        if changes > 0 {
            let before = StateView(decision == .accepted ? Decision.declined : .accepted).text
            let subject = changes == 1 ? "1 of them has" : "\(Format.count(Int64(changes))) of them have"
            warnings.append("\(subject) been \(before) before: that would be taken back.")
        }
        if decision == .accepted, withoutReference > 0 {
            warnings.append(
                withoutReference == 1
                    ? "1 has no reference number."
                    : "\(Format.count(Int64(withoutReference))) have no reference number.")
        }
        return warnings
    }

    /// Adds the outcome of the call.
    mutating func add(_ outcomes: [ItemOutcome]) {
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .decided(let made):
                rows[index].result = StateView(done, tone: "good")
                rows[index].reason = Format.time(made.decidedOn)
                rows[index].decidedOn = made.decidedOn.text
                successes += 1
            case .failed(let failure): fail(index, failure)
            }
        }
    }

    private mutating func fail(_ index: Int, _ failure: ItemFailure) {
        rows[index].result = StateView(Format.words(failure.code.rawValue), tone: "bad")
        rows[index].reason = failure.description
        failures += 1
        hasFailures = true
    }
}
