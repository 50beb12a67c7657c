import FaultJournal

/// When a charge was taken, as far as calls tell.
struct Takings {
    private var takes: [(sent: Nanoseconds, end: Nanoseconds)] = []
    /// By `takes`: the last end of any up to this one.
    private var lastEnds: [Nanoseconds] = []
    private var releases: [(sent: Nanoseconds, end: Nanoseconds)] = []
    /// By `releases`: the last sending of any up to this one.
    private var lastSendings: [Nanoseconds] = []
    /// When the charge was taken for certain, in the order of their beginnings.
    private var spans: [(start: Nanoseconds, end: Nanoseconds, call: Int)] = []

    init(_ events: [ChargeEvent], _ calls: [CallFacts]) {
        var certain: [(sent: Nanoseconds, end: Nanoseconds, call: Int)] = []
        var undoing: [(sent: Nanoseconds, end: Nanoseconds)] = []
        for case .item(let item) in events where item.kind == .take || item.kind == .release {
            let call = calls[item.call]
            let isCertain = call.effect == .answered && item.code == .ok
            guard isCertain || call.effect == .unknown || call.resends > 0 else { continue }
            let end = isCertain && call.resends == 0 ? call.ended : call.latestEffect
            if item.kind == .take {
                takes.append((call.sent, end))
                if isCertain { certain.append((call.sent, call.ended, item.call)) }
            } else {
                undoing.append((call.sent, end))
                if isCertain { releases.append((call.sent, call.ended)) }
            }
        }
        takes.sort { $0.sent < $1.sent }
        lastEnds = Self.runningMaximum(takes.map(\.end))
        releases.sort { $0.end < $1.end }
        lastSendings = Self.runningMaximum(releases.map(\.sent))
        undoing.sort { $0.end < $1.end }
        let firstSendings = Array(
            Self.runningMaximum(undoing.reversed().map { -$0.sent }).map { -$0 }.reversed())
        certain.sort { $0.end < $1.end }
        spans = certain.map { take in
            // Until the first release that may have come after it.
            let release = undoing.firstPlace { $0.end >= take.sent }
            return (take.end, release < undoing.count ? firstSendings[release] : .max, take.call)
        }
    }

    var isEmpty: Bool { takes.isEmpty }

    /// The call by which the charge certainly was taken during the whole of a window.
    func taken(throughout window: Window) -> Int? {
        let next = spans.firstPlace { $0.start >= window.earliest }
        guard next > 0, spans[next - 1].end > window.latest else { return nil }
        return spans[next - 1].call
    }

    /// Whether the charge may have been taken at some moment between two times.
    func mayBeTaken(from start: Nanoseconds, to end: Nanoseconds) -> Bool {
        let next = takes.firstPlace { $0.sent > end }
        guard next > 0 else { return false }
        let over = releases.firstPlace { $0.end >= start }
        return over == 0 || lastEnds[next - 1] >= lastSendings[over - 1]
    }

    private static func runningMaximum(_ times: [Nanoseconds]) -> [Nanoseconds] {
        var maximum = Nanoseconds.min
        return times.map {
            maximum = max(maximum, $0)
            return maximum
        }
    }
}

extension Array {
    /// The first place whose element, and every later one's, satisfies the predicate.
    func firstPlace(where predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
