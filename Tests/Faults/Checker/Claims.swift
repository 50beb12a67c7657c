import FaultJournal

/// What a call and its answer say of one item's effect.
enum Standing {
    /// The item was answered OK.
    case certain
    /// The answer does not tell.
    case possible
    /// The answer says that it has no effect, or the item can have none.
    case denied
}

/// The items and the rows of history that are the same decision: of one charge, kind, reference and Idempotency-Key.
struct Claims {
    struct Signature: Hashable {
        let kind: HistoryKind
        let reference: Name
        let key: Name
    }

    private(set) var certain: [ItemEvent] = []
    /// The calls that may have made a row, by their places; one that was sent twice may have made two.
    private(set) var possible: [Int] = []
    private(set) var denied: [Int] = []
    /// The places of the rows in the history, ascending.
    var rows: [Int] = []

    mutating func add(_ item: ItemEvent, _ standing: Standing, resends: Int) {
        switch standing {
        case .certain:
            certain.append(item)
            if resends > 0 { possible += Array(repeating: item.call, count: resends) }
        case .possible: possible += Array(repeating: item.call, count: 1 + resends)
        case .denied: denied.append(item.call)
        }
    }

    /// The calls that may have made the rows.
    var candidates: [Int] { certain.map(\.call) + possible }

    /// When the rows were committed, each with whether its end is a deadline.
    ///
    /// Under a key there is one row, made by the first of the calls that had an effect, and before the first OK.
    /// Without a key each row is of a call of its own. The k-th row is no earlier than the k-th sending, whichever calls
    /// made the rows, and likewise from the end: so the windows hold, and sorting is all that it takes.
    /// Where repetitions succeed, an OK under a key may have been one, which is not remembered; the row may be of any call.
    func windows(_ calls: [CallFacts], isKeyed: Bool, mayRepeat: Bool) -> [(window: Window, isDeadline: Bool)]
    {
        let candidates = candidates
        guard !rows.isEmpty, candidates.count >= (isKeyed ? 1 : rows.count) else {
            return rows.map { _ in (Window(), false) }
        }
        let sendings = candidates.map { calls[$0].sent }.sorted()
        if isKeyed, !mayRepeat {
            let first = certain.map { calls[$0.call] }.min { $0.ended < $1.ended }
            let last = first ?? possible.map { calls[$0] }.max { $0.latestEffect < $1.latestEffect }!
            let window = Window(
                earliest: sendings[0], latest: first?.ended ?? last.latestEffect, lines: last.lines)
            return rows.map { _ in (window, first == nil) }
        }
        let ends =
            (certain.map { (calls[$0.call].ended, $0.call, false) }
            + possible.map { (calls[$0].latestEffect, $0, true) })
            .sorted { $0.0 < $1.0 }
        return rows.indices.map { place in
            let end = ends[ends.count - rows.count + place]
            return (Window(earliest: sendings[place], latest: end.0, lines: calls[end.1].lines), end.2)
        }
    }
}

extension Checker {
    func standing(_ item: ItemEvent, of charge: ChargeFile) -> Standing {
        let call = calls[item.call]
        if call.effect == .answered, item.code == .ok { return .certain }
        // A wrong customer and a malformed item can have no effect, whatever became of the call.
        if item.isMalformed != nil { return .denied }
        if item.kind.historyKind != nil, charge.customer != Names.none, item.customer != charge.customer {
            return .denied
        }
        return call.effect == .unknown || call.resends > 0 ? .possible : .denied
    }

    /// An item, for a sentence.
    func title(_ item: ItemEvent, _ charge: Int) -> String {
        let call = calls[item.call]
        var text = "\(item.kind.rawValue) of \(title(charge))"
        if item.reference != Names.none { text += " under \(names[item.reference])" }
        if call.key != Names.none { text += " with the key \(names[call.key])" }
        return text
    }

    /// A row of history, for a sentence.
    func title(_ row: PastRow, _ charge: Int) -> String {
        var text = "\(row.kind.rawValue) of \(title(charge))"
        if row.kind != .acknowledged { text += ", revision \(row.revision)," }
        if row.reference != Names.none { text += " under \(names[row.reference])" }
        if row.key != Names.none { text += " with the key \(names[row.key])" }
        return text
    }
}
