import FaultJournal

/// What the checker keeps of the faults.
struct FaultRecord {
    private var failovers: [(time: Nanoseconds, line: Int)] = []
    private var failoverNames: Set<String> = []
    /// When effects were held up, as intervals in their order that do not touch.
    private var holds: [(start: Nanoseconds, end: Nanoseconds)] = []
    private var holdsUnderWay = 0

    /// Beyond every time, with room to add to it.
    static let never = Nanoseconds.max / 2

    mutating func add(_ fault: Fault, at time: Nanoseconds, line: Int) {
        // It is over when the fault ends.
        if fault.isFailover || failoverNames.contains(fault.name) {
            failovers.append((time, line))
            failoverNames.insert(fault.name)
        }
        guard fault.delaysEffects else { return }
        switch fault.phase {
        case .begins:
            if holdsUnderWay == 0 { holds.append((time, Self.never)) }
            holdsUnderWay += 1
        case .ends where holdsUnderWay > 0:
            holdsUnderWay -= 1
            if holdsUnderWay == 0 { holds[holds.count - 1].end = time }
        case .ends: break
        }
    }

    /// The last moment at which a call that was sent at a time may have its effect, if its answer does not tell: so long
    /// after it was sent, and after each fault that may have held it up.
    func latestEffect(ofCallSentAt sent: Nanoseconds, within span: Nanoseconds) -> Nanoseconds {
        var low = 0
        var high = holds.count
        while low < high {
            let middle = (low + high) / 2
            if holds[middle].end < sent { low = middle + 1 } else { high = middle }
        }
        var latest = sent + span
        while low < holds.count, holds[low].start <= latest {
            guard holds[low].end < Self.never else { return Self.never }
            latest = max(latest, holds[low].end + span)
            low += 1
        }
        return latest
    }

    /// The line of a failover that was over after a time, if there is one.
    func failover(after time: Nanoseconds) -> Int? {
        guard let last = failovers.last, last.time >= time else { return nil }
        return last.line
    }
}
