import FaultJournal

/// The results of an answer, found by item. They mostly come in the order of the request, so the search is a walk.
struct ItemResults {
    private let results: [ItemResult]
    /// The operator of items that name none.
    private let operatorCode: String?
    /// The first result that the walk has not passed.
    private var position = 0
    private var found = 0
    /// All results, once one was not where the walk was.
    private var byItem: [Key: ItemResult]?

    private struct Key: Hashable {
        let operatorCode: String?
        let number: String
    }

    init(_ data: AnswerData, operatorCode: String?) {
        self.operatorCode = operatorCode
        switch data {
        case .failures(let items), .results(let items): results = items
        default: results = []
        }
    }

    /// The item's result; nil if the answer does not list it. Items are asked for in their order.
    mutating func result(of item: CallItem) -> ItemResult? {
        guard !results.isEmpty else { return nil }
        if position < results.count, isResult(results[position], of: item) {
            position += 1
            found += 1
            return results[position - 1]
        }
        let result: ItemResult?
        if results.count <= 4 {
            result = results.first { isResult($0, of: item) }
        } else {
            if byItem == nil {
                byItem = Dictionary(
                    results.map { (key($0.operatorCode, $0.number), $0) },
                    uniquingKeysWith: { first, _ in first })
            }
            result = byItem?[key(item.operatorCode, item.number)] ?? byItem?[key(nil, item.number)]
        }
        if result != nil { found += 1 }
        return result
    }

    /// A result that is of none of the items.
    func stranger(among items: [CallItem]) -> ItemResult? {
        guard found < results.count else { return nil }
        return results.first { result in !items.contains { isResult(result, of: $0) } }
    }

    /// Whether a result is of an item. One that names no operator is of whichever item has its number.
    private func isResult(_ result: ItemResult, of item: CallItem) -> Bool {
        result.number == item.number
            && (result.operatorCode == nil || result.operatorCode == item.operatorCode ?? operatorCode)
    }

    private func key(_ operatorCode: String?, _ number: String) -> Key {
        Key(operatorCode: operatorCode ?? self.operatorCode, number: number)
    }
}
