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
    }

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

    init(_ form: DecisionForm, _ stage: Stage, charges: [ExactText: ChargeRecord] = [:]) {
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
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .decidable:
                rows[index].result = StateView("will be \(done)", tone: "good")
                let charge = charges[ExactText(rows[index].number)]
                // A person who takes a decision back must know that there is one.
                if let decision = charge?.listed.decision {
                    let reference = charge?.listed.decisionReferenceNumber.map { " under \($0.string)" } ?? ""
                    rows[index].reason = "is \(StateView(decision).text)\(reference) now"
                }
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
        hasSuccesses = successes > 0
        noun = successes == 1 ? "charge" : "charges"
        hasSums = !sums.isEmpty
        self.sums = sums.sorted { $0.key < $1.key }.map { AmountView(digits: $1.description, $0) }
    }

    /// Adds the outcome of the call.
    mutating func add(_ outcomes: [ItemOutcome]) {
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .decided(let made):
                rows[index].result = StateView(done, tone: "good")
                rows[index].reason = Format.time(made.decidedOn)
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
