package import FaultJournal

/// The judge of a journal. It is handed the records in their order and then says what is wrong.
///
/// It is pure: nothing but the journal goes in. It is linear: each record is looked at once when it comes in, where it
/// is filed under its charge, and once when the charge is judged. The order in which charges are judged does not matter,
/// since a charge is told by its own calls and by who owns its references, which one table holds.
///
/// It judges by intervals. A call has its effect between being sent and being answered; if its answer does not tell,
/// between being sent and its deadline, or not at all. The final read says which effects there were and, for each
/// charge, in which order. What remains is to find for each effect a call that can have had it, and for each answer a
/// moment in its interval at which it was true. Where several calls can have had an effect, each check asks for what is
/// necessary in any case: the checker may overlook something, but what it names is wrong.
package struct Checker {
    let limits: Limits
    var names = Names()
    var findings = Findings()
    var calls: [CallFacts] = []
    /// The calls that are under way, by their numbers.
    private var open: [CallID: Call] = [:]
    var charges: [ChargeFile] = []
    private var chargeNumbers: [NamePair: Int] = [:]
    var operators: [Name: OperatorSettings] = [:]
    var arrivals = Arrivals()
    var access = AccessRecord()
    var faults = FaultRecord()
    var progress: ProgressRecord
    var feed = FeedRecord()
    var statements = StatementRecord()
    /// The calls of `show` that found nothing.
    var notFound: [NotFound] = []
    private var isComplete = false

    /// A call of `show` that found nothing: by the charge, or by a reference.
    struct NotFound {
        let call: Int
        let charge: Int?
        let reference: NamePair
    }

    package init(limits: Limits = Limits()) {
        self.limits = limits
        progress = ProgressRecord(limit: limits.progress)
    }

    /// Checks a file.
    package static func check(path: String, limits: Limits = Limits()) throws(JournalError) -> Verdict {
        var checker = Checker(limits: limits)
        try JournalReader.read(path: path) { checker.add($0, line: $1) }
        return checker.finish()
    }

    /// Takes the next record.
    package mutating func add(_ record: JournalRecord, line: Int) {
        switch record {
        case .run: break
        case .operator(let settings): add(settings)
        case .charge(let operatorCode, let number, let customer):
            let charge = chargeIndex(names.name(operatorCode), names.name(number))
            charges[charge].customer = names.name(customer)
            charges[charge].arrivedBy = .min
            charges[charge].arrivalLines = [line]
        case .call(let id, let time, let call):
            precondition(id == calls.count + 1, "line \(line): calls are numbered from 1, in their order")
            calls.append(CallFacts(call, at: time, line: line, names: &names))
            open[id] = call
            progress.sent(call.kind, at: time)
        case .resent(let id, let time):
            calls[id - 1].resends += 1
            calls[id - 1].lastSent = max(calls[id - 1].lastSent, time)
        case .answer(let id, let time, let answer):
            guard let call = open.removeValue(forKey: id) else { return }
            calls[id - 1].ended = time
            calls[id - 1].answerLine = line
            calls[id - 1].effect = answer.effect
            progress.answered(call.kind, answer.effect, at: time, line: line, findings: &findings)
            file(call, id - 1, answer)
        case .fault(let fault, let time):
            faults.add(fault, at: time, line: line)
            progress.changed(isServiceable: fault.isServiceable, at: time, line: line, findings: &findings)
        case .finalCharge(let row, let history):
            file(row, history, line: line)
        case .finalFeed(let row):
            guard operators[names.name(row.operatorCode)] != nil else { break }
            feed.addFinal(
                row, charge: chargeIndex(names.name(row.operatorCode), names.name(row.number)), line: line)
        case .finalEvent(let row):
            guard operators[names.name(row.operatorCode)] != nil else { break }
            statements.add(
                row, operatorName: names.name(row.operatorCode),
                charge: chargeIndex(names.name(row.operatorCode), names.name(row.number)), line: line)
        case .finalEnd:
            isComplete = true
        }
    }

    /// Judges what was handed in.
    package consuming func finish() -> Verdict {
        // Filing these last keeps the events of a charge in the order of their answers.
        for (id, call) in open.sorted(by: { $0.key < $1.key }) { file(call, id - 1, Answer(.broken)) }
        for index in calls.indices {
            calls[index].latestEffect = faults.latestEffect(
                ofCallSentAt: calls[index].lastSent, within: limits.delivery + limits.deadline)
        }
        checkAccess()
        if isComplete {
            checkArrivals()
            for index in charges.indices { checkEffects(of: index) }
            let owners = referenceOwners()
            for index in charges.indices { checkAnswers(of: index, owners: owners) }
            checkNotFound(owners: owners)
            checkFeed()
            checkStatements()
        }
        progress.end()
        return Verdict(
            violations: findings.violations.sorted {
                ($0.lines.first ?? 0, $0.invariant.rawValue) < ($1.lines.first ?? 0, $1.invariant.rawValue)
            },
            leftOut: findings.leftOut, figures: progress.figures, isComplete: isComplete)
    }

    private mutating func add(_ settings: OperatorSettings) {
        // Settings may change during a run; what was once allowed is never held against it.
        let known = operators[names.name(settings.code)]
        operators[names.name(settings.code)] = OperatorSettings(
            settings.code, repeatsSucceed: settings.repeatsSucceed || known?.repeatsSucceed == true,
            hasPolicy: settings.hasPolicy || known?.hasPolicy == true)
    }

    mutating func chargeIndex(_ operatorName: Name, _ number: Name) -> Int {
        let key = NamePair(first: operatorName, second: number)
        if let index = chargeNumbers[key] { return index }
        chargeNumbers[key] = charges.count
        charges.append(ChargeFile(operatorName: operatorName, number: number))
        return charges.count - 1
    }

    mutating func report(_ invariant: Invariant, lines: [Int], _ sentence: String) {
        findings.add(invariant, lines: lines, sentence)
    }

    /// A charge, for a sentence.
    func title(_ charge: Int) -> String {
        "\(names[charges[charge].number]) of \(names[charges[charge].operatorName])"
    }
}
