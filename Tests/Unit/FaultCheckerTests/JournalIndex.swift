import FaultJournal

/// Where a journal has what can be changed. The places are those of records.
struct JournalIndex {
    /// Final charges whose last row is a decision with a reference that was answered OK to one call alone.
    var lastDecisions: [Int] = []
    /// Final charges, with the place of a decision in their history whose call was answered before that of the next was
    /// sent.
    var successions: [(Int, Int)] = []
    var processed: [Int] = []
    var feed: [Int] = []
    var events: [Int] = []
    /// Answers that alone made a decision with a reference.
    var soleMakers: [Int] = []
    /// Answers whose first item failed.
    var refusals: [Int] = []
    /// Answers of lists with a row.
    var reads: [Int] = []
    /// Answers with three rows of the feed.
    var pages: [Int] = []
    private var calls: [CallID: (place: Int, call: Call)] = [:]
    private var sent: [CallID: Nanoseconds] = [:]
    /// By operator, reference: the calls that named it.
    private var named: [String: [CallID]] = [:]
    private var answers: [CallID: Int] = [:]
    private var ended: [CallID: Nanoseconds] = [:]
    private var isOK: Set<CallID> = []
    private var decidedBy: [String: Nanoseconds] = [:]

    init(_ records: [JournalRecord]) {
        for (place, record) in records.enumerated() {
            switch record {
            case .call(let id, let time, let call):
                calls[id] = (place, call)
                sent[id] = time
                for item in call.items {
                    if let reference = item.reference {
                        named["\(call.operatorCode!) \(reference)", default: []].append(id)
                    }
                }
            case .answer(let id, let time, let answer):
                answers[id] = place
                ended[id] = time
                add(answer, id, place, at: time)
            case .finalCharge(let row, let history): add(row, history, place)
            case .finalFeed: feed.append(place)
            case .finalEvent: events.append(place)
            default: break
            }
        }
    }

    private mutating func add(_ answer: Answer, _ id: CallID, _ place: Int, at time: Nanoseconds) {
        guard let call = calls[id]?.call else { return }
        switch answer.data {
        case .failures(let items):
            if items.isEmpty, call.items.count == 1 {
                isOK.insert(id)
                if call.kind == .accept || call.kind == .decline {
                    let charge = "\(call.operatorCode!) \(call.items[0].number)"
                    decidedBy[charge] = min(decidedBy[charge] ?? .max, time)
                }
            }
            let decides = call.kind == .accept || call.kind == .decline || call.kind == .acknowledge
            if decides, items.first?.number == call.items.first?.number, items.first != nil {
                refusals.append(place)
            }
        case .charges(let rows): if !rows.isEmpty { reads.append(place) }
        case .feed(let rows): if rows.count >= 3 { pages.append(place) }
        default: break
        }
    }

    private mutating func add(_ row: ChargeRow, _ history: [FinalHistoryRow], _ place: Int) {
        if row.status != "PENDING" { processed.append(place) }
        func maker(_ row: FinalHistoryRow?, _ operatorCode: String) -> CallID? {
            guard let row, row.row.revision > 0, row.takesReference,
                let ids = named["\(operatorCode) \(row.row.reference!)"], ids.count == 1,
                isOK.contains(ids[0])
            else { return nil }
            return ids[0]
        }
        if let id = maker(history.last, row.operatorCode) {
            lastDecisions.append(place)
            soleMakers.append(answers[id]!)
        }
        for first in history.indices.dropLast() {
            guard let before = maker(history[first], row.operatorCode),
                let after = maker(history[first + 1], row.operatorCode), ended[before]! < sent[after]!
            else { continue }
            successions.append((place, first))
        }
    }

    /// Lists that were sent after a decision of the charge had been answered.
    func lateReads(_ records: [JournalRecord]) -> [Int] {
        reads.filter { place in
            guard case .answer(let id, _, let answer) = records[place], case .charges(let rows) = answer.data,
                let by = decidedBy["\(rows[0].operatorCode) \(rows[0].number)"]
            else { return false }
            return by < sent[id]!
        }
    }

    /// A reference that names another charge of the same operator.
    func reference(ofOtherThan place: Int, _ records: [JournalRecord]) -> String? {
        guard case .finalCharge(let row, _) = records[place] else { return nil }
        for case .finalCharge(let other, _) in records
        where other.operatorCode == row.operatorCode && other.number != row.number && other.reference != nil {
            return other.reference
        }
        return nil
    }

    func changeFinal(
        _ records: inout [JournalRecord], _ place: Int,
        _ change: (inout ChargeRow, inout [FinalHistoryRow]) -> Void
    ) {
        guard case .finalCharge(var row, var history) = records[place] else { return }
        change(&row, &history)
        records[place] = .finalCharge(row, history: history)
    }

    func changeAnswer(_ records: inout [JournalRecord], _ place: Int, _ change: (inout Answer) -> Void) {
        guard case .answer(let id, let time, var answer) = records[place] else { return }
        change(&answer)
        records[place] = .answer(id, at: time, answer)
    }
}
