/// A model of the service: its rules in their simplest form, one call after the other, with which the service is
/// compared. It uses none of the service's own rules.
struct Model {
    private(set) var charges: [ModelCharge] = []
    /// The charge that a reference number names, by operator and reference.
    private var references: [[String]: String] = [:]
    /// The operators whose repeated decisions succeed.
    let forgivingOperators: Set<String>

    init(forgivingOperators: Set<String>) {
        self.forgivingOperators = forgivingOperators
    }

    // MARK: Operators' calls

    /// Each item's outcome: its code, or OK.
    mutating func decide(_ call: ModelCall, by operatorCode: String, key: String?, _ items: [ModelItem])
        -> [String]
    {
        items.map { item in
            if items.count(where: { $0.number == item.number }) > 1 { return "DUPLICATE_IN_REQUEST" }
            return decide(call, by: operatorCode, key: key, item)
        }
    }

    private mutating func decide(_ call: ModelCall, by operatorCode: String, key: String?, _ item: ModelItem)
        -> String
    {
        if let reference = item.reference, Self.isBad(reference) { return "INVALID_REFERENCE_NUMBER" }
        guard let index = index(item.number, of: operatorCode) else { return "CHARGE_NOT_FOUND" }
        let charge = charges[index]
        if charge.customer == item.customer, let key,
            let place = charge.history.lastIndex(where: {
                $0.call == call && $0.key == key && $0.reference == item.exactReference
            })
        {
            if call == .acknowledge { return "OK" }
            let isStanding = !charge.history[(place + 1)...].contains { $0.call != .acknowledge }
            return isStanding ? "OK" : "DECISION_SUPERSEDED"
        }
        if charge.customer != item.customer { return "CUSTOMER_MISMATCH" }
        if call == .acknowledge {
            if !charge.isProcessed { return "CHARGE_NOT_PROCESSED" }
            if charge.isAcknowledged { return "CHARGE_ALREADY_ACKNOWLEDGED" }
        } else {
            if charge.isProcessed { return "CHARGE_ALREADY_PROCESSED" }
            if charge.isTaken { return "CHARGE_IN_PROCESS" }
            if let current = charge.decisions.last, current.call == call, let decision = call.decision {
                guard current.reference == item.exactReference else {
                    return "CHARGE_\(decision)_UNDER_OTHER_REFERENCE"
                }
                return forgivingOperators.contains(operatorCode) ? "OK" : "CHARGE_ALREADY_\(decision)"
            }
        }
        if let reference = item.exactReference {
            if let owner = references[[operatorCode, reference]], owner != item.number {
                return "REFERENCE_NUMBER_IN_USE"
            }
            references[[operatorCode, reference]] = item.number
        }
        charges[index].history.append(.init(call: call, reference: item.exactReference, key: key))
        if call == .acknowledge { charges[index].isAcknowledged = true }
        return "OK"
    }

    private static func isBad(_ reference: String) -> Bool {
        reference.unicodeScalars.allSatisfy(\.properties.isWhitespace)
            || reference.unicodeScalars.count > 64
            || reference.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    // MARK: The provider's calls

    /// Adds a charge under its number.
    mutating func add(_ charge: ModelCharge) {
        charges.append(charge)
    }

    mutating func take(_ number: String, of operatorCode: String, revision: Int) -> String {
        guard let index = index(number, of: operatorCode) else { return "CHARGE_NOT_FOUND" }
        if charges[index].isProcessed { return "CHARGE_ALREADY_PROCESSED" }
        if charges[index].revision == 0 { return "DECISION_REQUIRED" }
        if charges[index].revision != revision { return "DECISION_CONFLICT" }
        charges[index].isTaken = true
        return "OK"
    }

    mutating func release(_ number: String, of operatorCode: String, revision: Int) -> String {
        let code = take(number, of: operatorCode, revision: revision)
        if code == "OK", let index = index(number, of: operatorCode) { charges[index].isTaken = false }
        return code
    }

    mutating func process(_ number: String, of operatorCode: String, outcome: String, revision: Int?)
        -> String
    {
        guard let index = index(number, of: operatorCode) else { return "CHARGE_NOT_FOUND" }
        let charge = charges[index]
        let needed = ["APPROVED": "ACCEPTED", "DECLINED": "DECLINED"][outcome]
        guard needed != nil || ["BAD_REQUEST", "REJECTED"].contains(outcome) else { return "INVALID_OUTCOME" }
        if charge.isProcessed { return charge.status == outcome ? "OK" : "CHARGE_ALREADY_PROCESSED" }
        if let needed {
            guard let decision = charge.decision else { return "DECISION_REQUIRED" }
            if decision != needed { return "DECISION_CONFLICT" }
            if let revision, revision != charge.revision { return "DECISION_CONFLICT" }
        }
        charges[index].status = outcome
        charges[index].isTaken = false
        return "OK"
    }

    // MARK: What is seen

    /// The numbers that an operator's list shows, oldest first; charges arrive one after the other.
    func listed(for operatorCode: String, processed: Bool) -> [String] {
        charges.filter {
            $0.operatorCode == operatorCode && $0.isProcessed == processed && !$0.isAcknowledged
        }.map(\.number)
    }

    /// Every decision, as the feed names it; those of one charge are in their order.
    var decisionsByCharge: [String: [String]] {
        var decisions: [String: [String]] = [:]
        for charge in charges where charge.revision > 0 {
            decisions["\(charge.operatorCode) \(charge.number)"] = charge.decisions.enumerated().map {
                "\($0.offset + 1) \($0.element.call.decision ?? "")"
            }
        }
        return decisions
    }

    private func index(_ number: String, of operatorCode: String) -> Int? {
        charges.firstIndex { $0.operatorCode == operatorCode && $0.number == number }
    }
}
