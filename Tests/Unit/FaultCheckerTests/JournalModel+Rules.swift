import FaultJournal

/// The contract's rules, one call after the other.
extension JournalModel {
    /// Carries a call out, and returns what it is answered.
    mutating func apply(_ call: Call) -> AnswerData {
        switch call.kind {
        case .list:
            let charge = charges[place(call.items[0].number)]
            return .charges(charge.isAcknowledged ? [] : [row(charge, isAcknowledged: nil)])
        case .show:
            let charge = charges[place(call.items[0].number)]
            var taken: [String] = []
            for row in charge.history where row.takesReference { taken.append(row.row.reference!) }
            let history = charge.history.map { row in
                var seen = row.row
                seen.idempotencyKey = nil
                return seen
            }
            return .charge(
                row(charge, isAcknowledged: charge.isAcknowledged), history: history, references: taken)
        case .feed:
            return .feed(Array(feed.dropFirst(call.after ?? 0).prefix(20)))
        default:
            var failures: [ItemResult] = []
            var results: [ItemResult] = []
            for item in call.items {
                let code = code(call, item)
                let charge = charges[place(item.number)]
                let isDecision = call.kind == .accept || call.kind == .decline
                let result = ItemResult(
                    item.number, code, operatorCode: item.operatorCode, reference: item.reference,
                    revision: code == "OK" && isDecision ? charge.revision : nil)
                results.append(result)
                if code != "OK" { failures.append(result) }
            }
            return (call.idempotencyKey?.utf8.last ?? 0) % 2 == 1 ? .results(results) : .failures(failures)
        }
    }

    private func row(_ charge: Charge, isAcknowledged: Bool?) -> ChargeRow {
        ChargeRow(
            charge.operatorCode, charge.number, customer: "c", status: charge.status,
            decision: charge.decision?.kind ?? "NONE", reference: charge.decision?.reference,
            revision: isAcknowledged == nil ? nil : charge.revision, isAcknowledged: isAcknowledged)
    }

    func place(_ number: String) -> Int { Int(number.dropFirst())! }

    private mutating func code(_ call: Call, _ item: CallItem) -> String {
        switch call.kind {
        case .take, .release: take(call.kind, item)
        case .outcomes: process(item)
        default: decide(call, item)
        }
    }

    private mutating func decide(_ call: Call, _ item: CallItem) -> String {
        let target = place(item.number)
        let charge = charges[target]
        let operatorCode = charge.operatorCode
        let kind = ["accept": "ACCEPTED", "decline": "DECLINED"][call.kind.rawValue] ?? "ACKNOWLEDGED"
        let own = charge.history.last {
            $0.row.kind == kind && $0.row.idempotencyKey == call.idempotencyKey
                && $0.row.reference == item.reference
        }
        if call.idempotencyKey != nil, item.customer == "c", let own {
            return own.row.revision == 0 || own.row.revision == charge.revision ? "OK" : "DECISION_SUPERSEDED"
        }
        if item.customer != "c" { return "CUSTOMER_MISMATCH" }
        if call.kind == .acknowledge {
            if charge.status == "PENDING" { return "CHARGE_NOT_PROCESSED" }
            if charge.isAcknowledged { return "CHARGE_ALREADY_ACKNOWLEDGED" }
        } else {
            if charge.status != "PENDING" { return "CHARGE_ALREADY_PROCESSED" }
            if charge.isTaken { return "CHARGE_IN_PROCESS" }
            if let current = charge.decision, current.kind == kind, current.madeBy == "operator" {
                guard current.reference == item.reference else {
                    return "CHARGE_\(kind)_UNDER_OTHER_REFERENCE"
                }
                return operatorCode == "kind" ? "OK" : "CHARGE_ALREADY_\(kind)"
            }
        }
        if let reference = item.reference, let owner = references[operatorCode]?[reference],
            owner != item.number
        {
            return "REFERENCE_NUMBER_IN_USE"
        }
        decide(target, kind, item.reference, key: call.idempotencyKey, by: "operator")
        return "OK"
    }

    private mutating func take(_ kind: CallKind, _ item: CallItem) -> String {
        let target = place(item.number)
        let charge = charges[target]
        if charge.status != "PENDING" { return "CHARGE_ALREADY_PROCESSED" }
        if kind == .release, !charge.isTaken, item.revision! <= charge.revision { return "OK" }
        if charge.revision == 0 { return "DECISION_REQUIRED" }
        if charge.revision != item.revision { return "DECISION_CONFLICT" }
        charges[target].isTaken = kind == .take
        return "OK"
    }

    private mutating func process(_ item: CallItem) -> String {
        let target = place(item.number)
        let charge = charges[target]
        let needed = ["APPROVED": "ACCEPTED", "DECLINED": "DECLINED"][item.value!]
        if charge.status == item.value { return "OK" }
        if charge.status != "PENDING" { return "CHARGE_ALREADY_PROCESSED" }
        if needed != nil, charge.revision == 0 { return "DECISION_REQUIRED" }
        if let revision = item.revision, revision != charge.revision { return "DECISION_CONFLICT" }
        if let needed, charge.decision?.kind != needed { return "DECISION_CONFLICT" }
        charges[target].status = item.value!
        charges[target].isTaken = false
        return "OK"
    }
}
