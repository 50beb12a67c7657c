import FaultJournal

/// How the run went on: its figures, and whether it stood still.
///
/// *no-progress*: while a majority is healthy and clients call, a call that changes something succeeds within 30 s. The
/// time counts from the first such call after the last that succeeded, or from the moment when the majority became
/// healthy, whichever is later. Each record moves it by one step.
struct ProgressRecord {
    private(set) var figures = RunFigures()
    private let limit: Nanoseconds
    private var isServiceable = true
    private var serviceableSince: Nanoseconds = 0
    /// When the first call was sent of those since the last success.
    private var waitingSince: Nanoseconds?
    private var lastSent: Nanoseconds = 0
    private var isReported = false

    init(limit: Nanoseconds) {
        self.limit = limit
    }

    mutating func sent(_ kind: CallKind, at time: Nanoseconds) {
        figures.calls += 1
        guard kind.changesCharges else { return }
        // After a pause of the clients the wait begins anew.
        if waitingSince == nil || time - lastSent > limit / 2 { waitingSince = time }
        lastSent = time
    }

    mutating func answered(
        _ kind: CallKind, _ effect: CallFacts.Effect, at time: Nanoseconds, line: Int,
        findings: inout Findings
    ) {
        switch effect {
        case .answered: figures.ok += 1
        case .notApplied: figures.failed += 1
        case .unknown: break
        }
        guard kind.changesCharges else { return }
        check(at: time, line: line, findings: &findings)
        if let since = waitingSince { figures.longestGap = max(figures.longestGap, time - since) }
        if effect == .answered {
            waitingSince = nil
            isReported = false
        }
    }

    mutating func changed(isServiceable new: Bool, at time: Nanoseconds, line: Int, findings: inout Findings)
    {
        check(at: time, line: line, findings: &findings)
        if new, !isServiceable { serviceableSince = time }
        if new != isServiceable { isReported = false }
        isServiceable = new
    }

    /// Counts the calls that never had an answer as unknown.
    mutating func end() {
        figures.unknown = figures.calls - figures.ok - figures.failed
    }

    private mutating func check(at time: Nanoseconds, line: Int, findings: inout Findings) {
        guard isServiceable, !isReported, let waitingSince else { return }
        let since = max(waitingSince, serviceableSince)
        // Clients that have stopped calling wait for nothing.
        guard time - since > limit, lastSent > since + limit / 2 else { return }
        isReported = true
        let seconds = (time - since) / 1_000_000_000
        findings.add(
            .noProgress, lines: [line],
            "no call that changes something succeeded in the \(seconds) s before, though a majority was healthy"
        )
    }
}
