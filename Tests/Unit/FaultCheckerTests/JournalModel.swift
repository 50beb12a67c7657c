import FaultJournal

/// A small model of the service, which makes journals in which nothing is wrong: random calls that overlap, of which
/// some are never answered, have no effect, or are answered to be unknown. Each call is judged by the contract's rules
/// at one moment between being sent and being answered.
struct JournalModel<Generator: RandomNumberGenerator> {
    struct Charge {
        let number: String
        let operatorCode: String
        var status = "PENDING"
        var isTaken = false
        var history: [FinalHistoryRow] = []
        var isAcknowledged = false
        var revision: Int { history.last { $0.row.revision > 0 }?.row.revision ?? 0 }
        var decision: HistoryRow? { history.last { $0.row.revision > 0 }?.row }
    }

    struct Event {
        let time: Nanoseconds
        let order: Int
        let record: JournalRecord
    }

    var generator: Generator
    var charges: [Charge] = []
    /// The charge that each reference names, by operator.
    var references: [String: [String: String]] = [:]
    var feed: [FeedRow] = []
    let operators = [
        OperatorSettings("acme"), OperatorSettings("kind", repeatsSucceed: true),
        OperatorSettings("lazy", hasPolicy: true),
    ]
    /// Calls under a key that may be repeated.
    var earlier: [Call] = []
    private var callsPerCharge = 12
    var events: [Event] = []

    init(generator: Generator) {
        self.generator = generator
    }

    /// A journal with so many calls. Each charge is called upon so often, while a few others are.
    mutating func journal(calls count: Int, callsPerCharge: Int = 12) -> [JournalRecord] {
        self.callsPerCharge = callsPerCharge
        var records: [JournalRecord] = [.run(scenario: "model", seed: 0)] + operators.map { .operator($0) }
        for place in 0...(count / callsPerCharge) {
            let charge = Charge(
                number: "I\(place)", operatorCode: operators[place % operators.count].code)
            charges.append(charge)
            records.append(.charge(operatorCode: charge.operatorCode, number: charge.number, customer: "c"))
        }
        // The moments at which calls take effect ascend; around each lies the call's interval.
        var moment: Nanoseconds = 2_000_000_000
        for place in 0..<count {
            moment += Nanoseconds.random(in: 1...2_000_000, using: &generator)
            call(place, of: count, at: moment)
        }
        events.sort { ($0.time, $0.order) < ($1.time, $1.order) }
        // Calls are numbered in the order in which they were sent.
        var numbers: [CallID: CallID] = [:]
        for event in events {
            switch event.record {
            case .call(let id, let time, let call):
                numbers[id] = numbers.count + 1
                records.append(.call(numbers.count, at: time, call))
            case .answer(let id, let time, let answer):
                records.append(.answer(numbers[id]!, at: time, answer))
            case let other: records.append(other)
            }
        }
        let finals = charges.map { charge in
            (
                row: ChargeRow(
                    charge.operatorCode, charge.number, customer: "c", status: charge.status,
                    decision: charge.decision?.kind ?? "NONE", reference: charge.decision?.reference,
                    revision: charge.revision, isAcknowledged: charge.isAcknowledged),
                history: charge.history
            )
        }
        records += finals.map { .finalCharge($0.row, history: $0.history) }
        records += feed.map(JournalRecord.finalFeed)
        records += statementLines(of: finals).map(JournalRecord.finalEvent)
        return records + [.finalEnd(at: moment + 1_000_000_000_000)]
    }

    private mutating func call(_ place: Int, of count: Int, at moment: Nanoseconds) {
        let target = chargeInReach(place, of: count)
        if charges[target].operatorCode == "lazy", charges[target].revision == 0, chance(10) {
            decide(target, "ACCEPTED", nil, key: nil, by: "policy")
        }
        let call = chance(10) ? earlier.randomElement(using: &generator) ?? newCall(target) : newCall(target)
        if call.idempotencyKey != nil, call.items.count == 1 {
            if earlier.count < 20 { earlier.append(call) } else { earlier[place % 20] = call }
        }
        let sent = moment - Nanoseconds.random(in: 1...3_000_000, using: &generator)
        let ended = moment + Nanoseconds.random(in: 1...3_000_000, using: &generator)
        events.append(Event(time: sent, order: place, record: .call(place, at: sent, call)))
        let luck = Int.random(in: 0..<100, using: &generator)
        // Of 100 calls four are never applied, and the answers of five others are lost.
        if luck < 2 {
            answer(place, ended, Answer(.http(503), code: "SERVICE_UNAVAILABLE"))
        } else if luck < 4 {
            answer(place, ended, Answer(.broken))
        } else {
            let data = apply(call)
            if luck < 6 {
                answer(place, ended, Answer(.broken))
            } else if luck < 8 {
                answer(place, ended, Answer(.http(503), code: "OUTCOME_UNKNOWN"))
            } else if luck > 8 {
                answer(place, ended, .ok(data))
            }
        }
    }

    private mutating func answer(_ id: CallID, _ time: Nanoseconds, _ answer: Answer) {
        events.append(Event(time: time, order: id, record: .answer(id, at: time, answer)))
    }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &generator) < percent
    }

    private mutating func chargeInReach(_ place: Int, of count: Int) -> Int {
        let middle = place / callsPerCharge
        return Int.random(in: max(0, middle - 4)...min(charges.count - 1, middle + 4), using: &generator)
    }

    // MARK: Calls

    private mutating func newCall(_ target: Int) -> Call {
        let charge = charges[target]
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<30: return decision(.accept, target)
        case 30..<50: return decision(.decline, target)
        case 50..<55: return decision(.acknowledge, target)
        case 55..<70: return read(.list, target)
        case 70..<80: return read(.show, target)
        case 80..<84: return provider(.take, target)
        case 84..<88: return provider(.release, target)
        case 88..<92 where chance(1_200 / callsPerCharge):
            var call = provider(.outcomes, target)
            let outcomes = ["APPROVED", "DECLINED", "REJECTED", "BAD_REQUEST"]
            call.items[0].value = outcomes.randomElement(using: &generator)
            if chance(50) { call.items[0].revision = nil }
            return call
        default:
            let after = feed.isEmpty ? 0 : max(0, feed.count - Int.random(in: 0...10, using: &generator))
            return Call(.feed, client: "f", target: "n", operatorCode: charge.operatorCode, after: after)
        }
    }

    private mutating func decision(_ kind: CallKind, _ target: Int) -> Call {
        let operatorCode = charges[target].operatorCode
        var items: [CallItem] = []
        for step in 0...(chance(20) ? 2 : 0) {
            let charge = charges[(target + step * operators.count) % charges.count]
            guard charge.operatorCode == operatorCode, !items.contains(where: { $0.number == charge.number })
            else {
                continue
            }
            let reference: String? =
                switch Int.random(in: 0..<10, using: &generator) {
                case 0..<3: nil
                case 3..<5: "S\(Int.random(in: 0..<5, using: &generator) + target / 20)"
                default: "R\(Int.random(in: 0..<Int.max, using: &generator))"
                }
            items.append(CallItem(charge.number, customer: chance(3) ? "d" : "c", reference: reference))
        }
        let key = chance(50) ? "k\(Int.random(in: 0..<Int.max, using: &generator))" : nil
        return Call(
            kind, client: "a", target: "n", operatorCode: operatorCode, credential: "t", idempotencyKey: key,
            items: items)
    }

    private func read(_ kind: CallKind, _ target: Int) -> Call {
        Call(
            kind, client: "r", target: "n", operatorCode: charges[target].operatorCode, credential: "t",
            items: [CallItem(charges[target].number)])
    }

    private mutating func provider(_ kind: CallKind, _ target: Int) -> Call {
        let charge = charges[target]
        let revision = max(1, charge.revision - (chance(20) ? 1 : 0))
        return Call(
            kind, client: "p", target: "n",
            items: [CallItem(charge.number, operatorCode: charge.operatorCode, revision: revision)])
    }

    mutating func decide(_ target: Int, _ kind: String, _ reference: String?, key: String?, by: String) {
        let charge = charges[target]
        let row = HistoryRow(
            kind == "ACKNOWLEDGED" ? 0 : charge.revision + 1, kind, reference: reference, madeBy: by,
            idempotencyKey: key)
        let isNew = reference.map { references[charge.operatorCode]?[$0] == nil } ?? false
        if let reference { references[charge.operatorCode, default: [:]][reference] = charge.number }
        charges[target].history.append(FinalHistoryRow(row, takesReference: isNew))
        if row.revision > 0 {
            feed.append(FeedRow(feed.count + 1, charge.operatorCode, charge.number, kind, row.revision))
        } else {
            charges[target].isAcknowledged = true
        }
    }
}
