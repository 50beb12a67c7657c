import FaultChecker
import FaultJournal

/// A change to a clean journal that makes it false.
enum JournalChange: CaseIterable {
    case decisionRemoved, decisionOfOtherReference, decisionOfOtherKey, decisionUnasked,
        referenceOfOtherCharge
    case revisionsSwapped, statusChanged, answerDenied, codeImpossible, readFalse, readStale
    case feedRowRemoved, feedRowDoubled, feedRowsSwapped, pageRowRemoved, pageRowFalse
    case eventRemoved, eventDoubled, eventsSwapped, eventFalse

    /// Changes one record, or what belongs together. Returns the invariants of which one must be broken; nil if the
    /// journal has nothing that can be changed so.
    func apply(to records: inout [JournalRecord], using generator: inout some RandomNumberGenerator)
        -> Set<Invariant>?
    {
        let journal = JournalIndex(records)
        switch self {
        case .decisionRemoved:
            guard let place = journal.lastDecisions.randomElement(using: &generator) else { return nil }
            journal.changeFinal(&records, place) { row, history in
                history.removeLast()
                row.decision = history.last?.row.kind ?? "NONE"
                row.reference = history.last?.row.reference
                row.revision = history.count
            }
            return [.okNotKept]
        case .decisionOfOtherReference:
            guard let place = journal.lastDecisions.randomElement(using: &generator) else { return nil }
            journal.changeFinal(&records, place) { row, history in
                history[history.count - 1].row.reference = "changed"
                row.reference = "changed"
            }
            return [.okNotKept]
        case .decisionOfOtherKey:
            guard let place = journal.lastDecisions.randomElement(using: &generator) else { return nil }
            journal.changeFinal(&records, place) { _, history in
                history[history.count - 1].row.idempotencyKey = "changed"
            }
            return [.okNotKept, .decidedByNoCall]
        case .decisionUnasked:
            guard let place = journal.lastDecisions.randomElement(using: &generator) else { return nil }
            journal.changeFinal(&records, place) { row, history in
                row.revision = history.count + 1
                row.decision = row.decision == "ACCEPTED" ? "DECLINED" : "ACCEPTED"
                row.reference = nil
                let unasked = HistoryRow(row.revision!, row.decision!, idempotencyKey: "nobody's")
                history.append(FinalHistoryRow(unasked, takesReference: false))
            }
            return [.decidedByNoCall]
        case .referenceOfOtherCharge:
            guard let place = journal.lastDecisions.randomElement(using: &generator),
                let reference = journal.reference(ofOtherThan: place, records)
            else { return nil }
            journal.changeFinal(&records, place) { row, history in
                history[history.count - 1].row.reference = reference
                row.reference = reference
            }
            return [.referenceNamesTwo]
        case .revisionsSwapped:
            guard let (place, first) = journal.successions.randomElement(using: &generator) else {
                return nil
            }
            journal.changeFinal(&records, place) { row, history in
                history.swapAt(first, first + 1)
                history[first].row.revision = first + 1
                history[first + 1].row.revision = first + 2
                guard first + 2 == history.count else { return }
                row.decision = history[first + 1].row.kind
                row.reference = history[first + 1].row.reference
            }
            return [.revisionOrder]
        case .statusChanged:
            guard let place = journal.processed.randomElement(using: &generator) else { return nil }
            journal.changeFinal(&records, place) { row, _ in
                row.status = row.status == "REJECTED" ? "BAD_REQUEST" : "REJECTED"
            }
            return [.processedChanged, .decidedByNoCall, .notAppliedButIs]
        case .answerDenied:
            guard let place = journal.soleMakers.randomElement(using: &generator) else { return nil }
            journal.changeAnswer(&records, place) { $0 = Answer(.http(429), code: "RATE_LIMITED") }
            return [.notAppliedButIs]
        case .codeImpossible:
            guard let place = journal.refusals.randomElement(using: &generator) else { return nil }
            journal.changeAnswer(&records, place) { answer in
                if case .failures(var items) = answer.data {
                    items[0].code = "CHARGE_NOT_FOUND"
                    answer.data = .failures(items)
                }
            }
            return [.impossibleCode]
        case .readFalse:
            guard let place = journal.reads.randomElement(using: &generator) else { return nil }
            journal.changeAnswer(&records, place) { answer in
                guard case .charges(var rows) = answer.data else { return }
                rows[0].decision = "ACCEPTED"
                rows[0].reference = "never"
                answer.data = .charges(rows)
            }
            return [.impossibleRead]
        case .readStale:
            guard let place = journal.lateReads(records).randomElement(using: &generator) else { return nil }
            journal.changeAnswer(&records, place) { answer in
                guard case .charges(var rows) = answer.data else { return }
                rows[0].decision = "NONE"
                rows[0].reference = nil
                answer.data = .charges(rows)
            }
            return [.staleRead]
        case .feedRowRemoved:
            records.remove(at: journal.feed.randomElement(using: &generator)!)
            return [.feedLost]
        case .feedRowDoubled:
            let place = journal.feed.randomElement(using: &generator)!
            records.insert(records[place], at: place)
            return [.feedTwice]
        case .feedRowsSwapped:
            let place = journal.feed.dropLast().randomElement(using: &generator)!
            records.swapAt(place, place + 1)
            return [.feedOrder]
        case .pageRowRemoved, .pageRowFalse:
            guard let place = journal.pages.randomElement(using: &generator) else { return nil }
            journal.changeAnswer(&records, place) { answer in
                guard case .feed(var rows) = answer.data else { return }
                if self == .pageRowRemoved { rows.remove(at: 1) } else { rows[1].decision = "OTHER" }
                answer.data = .feed(rows)
            }
            return [.feedLost]
        case .eventRemoved:
            records.remove(at: journal.events.randomElement(using: &generator)!)
            return [.statementLost]
        case .eventDoubled:
            let place = journal.events.randomElement(using: &generator)!
            records.insert(records[place], at: place)
            return [.statementTwice]
        case .eventsSwapped:
            let place = journal.events.dropLast().randomElement(using: &generator)!
            records.swapAt(place, place + 1)
            return [.statementOrder]
        case .eventFalse:
            let place = journal.events.randomElement(using: &generator)!
            guard case .finalEvent(var row) = records[place] else { return nil }
            row.event = row.event == "OUTCOME_REJECTED" ? "OUTCOME_BAD_REQUEST" : "OUTCOME_REJECTED"
            records[place] = .finalEvent(row)
            return [.statementFalse]
        }
    }
}
