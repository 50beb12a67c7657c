import FaultJournal

/// The lines of statements that fit a final read: one statement for each operator, with the events of charge after charge.
func statementLines(of finals: [(row: ChargeRow, history: [FinalHistoryRow])]) -> [EventRow] {
    var lines: [EventRow] = []
    var counts: [String: Int] = [:]
    for (charge, history) in finals {
        func add(_ event: String, _ revision: Int) {
            counts[charge.operatorCode, default: 0] += 1
            lines.append(
                EventRow(
                    charge.operatorCode, statement: 1, counts[charge.operatorCode]!, event, charge.number,
                    revision))
        }
        let rows = history.map(\.row)
        for row in rows where row.kind != "ACKNOWLEDGED" { add("DECISION_\(row.kind)", row.revision) }
        if charge.status != "PENDING" { add("OUTCOME_\(charge.status)", charge.revision ?? 0) }
        if rows.contains(where: { $0.kind == "ACKNOWLEDGED" }) { add("ACKNOWLEDGED", charge.revision ?? 0) }
    }
    return lines.sorted { ($0.operatorCode, $0.eventNumber) < ($1.operatorCode, $1.eventNumber) }
}
