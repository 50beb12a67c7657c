import FaultJournal

/// The events of all statements at the end.
struct StatementRecord {
    struct Row {
        let operatorName: Name
        let charge: Int
        let statement: Int
        let eventNumber: Int
        let event: Event?
        let line: Int
    }

    /// What happened to a charge. The raw values are the places of events in a charge's life; a decision's is its
    /// revision.
    enum Event: Hashable, Comparable {
        case decision(HistoryKind, revision: Int)
        case outcome(Status)
        case acknowledgement

        init?(_ row: EventRow) {
            let words = row.event.split(separator: "_", maxSplits: 1).map(String.init)
            switch words.first {
            case "DECISION":
                guard let kind = HistoryKind(rawValue: words.last!) else { return nil }
                self = .decision(kind, revision: row.revision)
            case "OUTCOME":
                guard let status = Status(rawValue: words.last!) else { return nil }
                self = .outcome(status)
            case "ACKNOWLEDGED": self = .acknowledgement
            default: return nil
            }
        }

        private var place: Int {
            switch self {
            case .decision(_, let revision): revision
            case .outcome: .max - 1
            case .acknowledgement: .max
            }
        }

        static func < (left: Event, right: Event) -> Bool { left.place < right.place }
    }

    private(set) var rows: [Row] = []

    mutating func add(_ row: EventRow, operatorName: Name, charge: Int, line: Int) {
        rows.append(
            Row(
                operatorName: operatorName, charge: charge, statement: row.statement,
                eventNumber: row.eventNumber, event: Event(row), line: line))
    }
}

/// *statement-lost*, *statement-twice*, *statement-order*, *statement-false*: the statements of an operator partition its
/// events. Each decision, outcome and acknowledgement of the final read is in one statement, once; the numbers of the
/// events have no gaps, and those of a charge follow its life.
extension Checker {
    mutating func checkStatements() {
        var last: [Name: StatementRecord.Row] = [:]
        var found: [Int: [StatementRecord.Event]] = [:]
        for row in statements.rows {
            let before = last.updateValue(row, forKey: row.operatorName)
            if row.eventNumber != (before?.eventNumber ?? 0) + 1 || row.statement < before?.statement ?? 1 {
                report(
                    .statementOrder, lines: [row.line],
                    "event \(row.eventNumber) in statement \(row.statement) follows event \(before?.eventNumber ?? 0)"
                        + " in statement \(before?.statement ?? 0)")
            }
            guard let event = row.event, events(of: row.charge).contains(event) else {
                report(
                    .statementFalse, lines: [row.line],
                    "statement \(row.statement) has event \(row.eventNumber) of \(title(row.charge)), which never happened"
                )
                continue
            }
            let earlier = found[row.charge] ?? []
            if earlier.contains(event) {
                report(
                    .statementTwice, lines: [row.line],
                    "the statements have event \(row.eventNumber) of \(title(row.charge)) twice")
            } else if let previous = earlier.last, event < previous {
                report(
                    .statementOrder, lines: [row.line],
                    "event \(row.eventNumber) of \(title(row.charge)) comes after a later one")
            }
            found[row.charge, default: []].append(event)
        }
        for (index, charge) in charges.enumerated() {
            guard let final = charge.final else { continue }
            let known = Set(found[index] ?? [])
            for event in events(of: index) where !known.contains(event) {
                report(.statementLost, lines: [final.line], "no statement has \(event) of \(title(index))")
            }
        }
    }

    /// What happened to a charge, by the final read.
    private func events(of charge: Int) -> [StatementRecord.Event] {
        guard let final = charges[charge].final else { return [] }
        var events = final.decisions.map { StatementRecord.Event.decision($0.kind, revision: $0.revision) }
        if final.status != .pending { events.append(.outcome(final.status)) }
        if !final.acknowledgements.isEmpty { events.append(.acknowledgement) }
        return events
    }
}
