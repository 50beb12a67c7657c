import FaultJournal

/// Outcomes, takings and acknowledgements.
///
/// - *processed-changed*: a charge gets one final state, which every outcome that was answered OK names and which the
///   last decision agrees with. No decision is committed after it, nor while the charge certainly is taken.
/// - An acknowledgement is a row of history like a decision; there is at most one.
///
/// Each call is looked at once; takings and releases are sorted once.
extension Checker {
    mutating func checkOutcome(_ final: ChargeFile.FinalState, _ index: Int) {
        let charge = charges[index]
        var candidates: [ItemEvent] = []
        var certain: [ItemEvent] = []
        var denied: [Int] = []
        for case .item(let item) in charge.events where item.kind == .outcomes {
            switch standing(item, of: charge) {
            case .certain where item.outcome != final.status:
                report(
                    final.status == .pending ? .okNotKept : .processedChanged,
                    lines: calls[item.call].lines + [final.line],
                    "\(title(item, index)) as \(item.outcome?.rawValue ?? "?") was answered OK, and it is "
                        + "\(final.status.rawValue) at the end")
            case .certain: certain.append(item)
            case .possible where item.outcome == final.status: candidates.append(item)
            case .denied where item.outcome == final.status: denied.append(item.call)
            default: break
            }
        }
        guard final.status != .pending else { return }
        candidates += certain
        guard !candidates.isEmpty else {
            report(
                denied.isEmpty ? .decidedByNoCall : .notAppliedButIs,
                lines: denied.flatMap { calls[$0].lines } + [final.line],
                denied.isEmpty
                    ? "\(title(index)) is \(final.status.rawValue), which no call asked for"
                    : "\(title(index)) is \(final.status.rawValue), though the answer was that it did not become so"
            )
            return
        }
        let decision = final.decisions.last
        if let needed = final.status.neededDecision, decision?.kind != needed {
            report(
                .processedChanged, lines: [final.line],
                "\(title(index)) is \(final.status.rawValue), but its last decision does not agree")
        } else if candidates.allSatisfy({ $0.revision >= 0 && Int($0.revision) != decision?.revision ?? 0 }) {
            report(
                .processedChanged, lines: candidates.flatMap { calls[$0.call].lines } + [final.line],
                "\(title(index)) was processed by another revision than its last")
        }
        charges[index].processed.earliest = candidates.map { calls[$0.call].sent }.min()!
        if let first = certain.map({ calls[$0.call] }).min(by: { $0.ended < $1.ended }) {
            charges[index].processed.happened(by: first.ended, lines: first.lines)
        } else {
            charges[index].processed.latest = candidates.map { calls[$0.call].latestEffect }.max()!
        }
    }

    mutating func checkAcknowledgement(_ final: ChargeFile.FinalState, _ index: Int) {
        let charge = charges[index]
        let row = final.acknowledgements.first
        if final.acknowledgements.count > 1 {
            report(.decidedTwice, lines: [final.line], "\(title(index)) was acknowledged twice")
        }
        if let isAcknowledged = final.isAcknowledged, isAcknowledged != (row != nil) {
            report(
                .halfApplied, lines: [final.line],
                "\(title(index)) and its history do not agree on its acknowledgement")
        }
        var claims = Claims()
        for case .item(let item) in charge.events where item.kind == .acknowledge {
            let standing = standing(item, of: charge)
            if let row, item.reference == row.reference, calls[item.call].key == row.key {
                claims.add(item, standing, resends: calls[item.call].resends)
            } else if standing == .certain {
                report(
                    .okNotKept, lines: calls[item.call].lines + [final.line],
                    "\(title(item, index)) was answered OK, and is not in the history")
            }
        }
        guard let row else { return }
        let candidates = claims.candidates
        guard !candidates.isEmpty else {
            reportUnclaimed(row, final, index, denied: claims.denied)
            return
        }
        if row.key == Names.none, claims.certain.count > 1 {
            report(
                .decidedTwice, lines: claims.certain.flatMap { calls[$0.call].lines },
                "\(title(row, index)) was answered OK more than once without a key")
        } else if claims.certain.isEmpty {
            reportRefused(row, candidates, index)
        }
        claims.rows = [0]
        charges[index].acknowledged = claims.windows(calls, isKeyed: true, mayRepeat: false)[0].window
    }

    /// Checks that no decision was committed when the charge was processed or taken.
    mutating func checkFrozen(_ index: Int) {
        let charge = charges[index]
        let windows = charge.windows.windows
        guard let final = charge.final, windows.count > 1 else { return }
        if windows[windows.count - 1].earliest > charge.processed.latest {
            report(
                .processedChanged, lines: charge.processed.lines + [final.line],
                "\(title(final.decisions[windows.count - 2], index)) was made after the charge was processed")
        }
        let takings = Takings(charge.events, calls)
        guard !takings.isEmpty else { return }
        for (place, window) in windows.enumerated().dropFirst() {
            guard let taking = takings.taken(throughout: window) else { continue }
            report(
                .processedChanged, lines: calls[taking].lines + [final.line],
                "\(title(final.decisions[place - 1], index)) was made while the charge was taken")
        }
    }
}
