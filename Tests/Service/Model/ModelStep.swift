import TestSupport

/// A step that is performed on the service and on the model.
enum ModelStep {
    case ingest(operatorCode: String, identifiers: [String])
    case decide(ModelCall, operatorCode: String, key: String?, [ModelItem])
    case take(operatorCode: String, [(number: String, revision: Int)])
    case release(operatorCode: String, [(number: String, revision: Int)])
    case process(operatorCode: String, [(number: String, outcome: String, revision: Int?)])
    case list(operatorCode: String, processed: Bool)
    case feed

    /// A step that is likely to touch what earlier steps changed.
    static func random(_ model: Model, operators: [String], using generator: inout SeededGenerator)
        -> ModelStep
    {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
        func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &generator)! }
        let operatorCode = pick(operators)
        let own = model.charges.filter { $0.operatorCode == operatorCode }
        // Mostly one of the newest charges, so that several steps meet at one.
        func someCharge() -> ModelCharge? {
            (chance(5) ? model.charges : own.suffix(8)).randomElement(using: &generator)
        }
        func reference() -> String? {
            if chance(40) { return nil }
            if chance(4) { return pick([" ", "\u{2003}", String(repeating: "é", count: 65), "a\u{7}b"]) }
            return pick(["R-1", "R-2", "R-3", "é", "e\u{301}", String(repeating: "é", count: 64)])
                + (chance(70) ? "" : "-\(Int.random(in: 0..<40, using: &generator))")
        }
        func item() -> ModelItem {
            guard let charge = someCharge(), !chance(3) else {
                return ModelItem(number: "I99999999", customer: "nobody", reference: reference())
            }
            return ModelItem(
                number: charge.number, customer: chance(5) ? "somebody" : charge.customer,
                reference: reference())
        }
        func some<Element>(_ make: () -> Element) -> [Element] {
            (0..<Int.random(in: 1...4, using: &generator)).map { _ in make() }
        }
        /// Numbers of charges, each with its revision or another one, each number once.
        func revisions() -> [(number: String, revision: Int)] {
            var seen: Set<String> = []
            return some(item).filter { seen.insert($0.number).inserted }.map { item in
                let charge = own.first { $0.number == item.number }
                return (item.number, max(1, charge?.revision ?? 1) + (chance(15) ? 1 : 0))
            }
        }
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<12:
            return .ingest(
                operatorCode: operatorCode,
                identifiers: some { "nf-\(Int.random(in: 0..<400, using: &generator))" })
        case 12..<70:
            let call = pick([ModelCall.accept, .accept, .decline, .acknowledge])
            return .decide(
                call, operatorCode: operatorCode, key: chance(50) ? pick(["k1", "k2", "k3"]) : nil, some(item)
            )
        case 70..<76: return .take(operatorCode: operatorCode, revisions())
        case 76..<79: return .release(operatorCode: operatorCode, revisions())
        case 79..<88:
            return .process(
                operatorCode: operatorCode,
                revisions().map { item in
                    let decision = own.first { $0.number == item.number }?.decision
                    let fitting = decision == "DECLINED" ? "DECLINED" : "APPROVED"
                    let outcome = pick([
                        fitting, fitting, fitting, "APPROVED", "DECLINED", "REJECTED", "BAD_REQUEST", "DONE",
                    ])
                    let isDecided = ["APPROVED", "DECLINED"].contains(outcome)
                    return (item.number, outcome, isDecided && chance(50) ? item.revision : nil)
                })
        case 88..<96: return .list(operatorCode: operatorCode, processed: chance(50))
        default: return .feed
        }
    }
}
