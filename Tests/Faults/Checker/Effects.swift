import FaultJournal

/// Effects: for each row of the final history a call that can have made it, and for each call that was answered OK its
/// row. This also finds when each revision was committed, for judging the answers.
///
/// - *ok-not-kept*, *not-applied-but-is*, *decided-twice*, *decided-by-no-call*: items and rows are counted by charge,
///   kind, reference and key. Under a key there is at most one row, and one exactly if an item was answered OK. Without a
///   key there are at least as many rows as items answered OK, and at most as many as these and the unknown ones.
/// - *revision-order*, *applied-late*: each revision has a window, and the windows must ascend.
/// - *half-applied*: the charge says what its last row says.
///
/// A table per charge holds the groups, so each item and each row is looked up once.
extension Checker {
    mutating func checkEffects(of index: Int) {
        guard let final = charges[index].final else {
            reportMissing(index)
            return
        }
        checkConsistency(final, index)
        checkDecisions(final, index)
        checkOutcome(final, index)
        checkAcknowledgement(final, index)
        checkFrozen(index)
    }

    private mutating func reportMissing(_ index: Int) {
        let charge = charges[index]
        for case .item(let item) in charge.events where standing(item, of: charge) == .certain {
            report(
                .okNotKept, lines: calls[item.call].lines,
                "\(title(item, index)) was answered OK, and the charge is not there at the end")
        }
    }

    private mutating func checkConsistency(_ final: ChargeFile.FinalState, _ index: Int) {
        let rows = final.decisions
        for (place, row) in rows.enumerated() {
            if row.revision != place + 1 {
                report(
                    .revisionOrder, lines: [final.line],
                    "the history of \(title(index)) has revision \(row.revision) in the place of \(place + 1)"
                )
                break
            }
            if place > 0, !row.isByPolicy, !rows[place - 1].isByPolicy, row.kind == rows[place - 1].kind {
                report(
                    .decidedTwice, lines: [final.line],
                    "\(title(row, index)) follows a decision of the same kind by the operator")
            }
            if row.isByPolicy, row.revision != 1 || operators[charges[index].operatorName]?.hasPolicy != true
            {
                report(
                    .decidedByNoCall, lines: [final.line],
                    "\(title(row, index)) was made by policy, which had no right to it")
            }
        }
        let last = rows.last
        if final.revision != rows.count || final.decision != last?.kind
            || final.reference != last?.reference ?? Names.none
        {
            report(
                .halfApplied, lines: [final.line],
                "\(title(index)) says of its decision something else than the last row of its history")
        }
    }

    private mutating func checkDecisions(_ final: ChargeFile.FinalState, _ index: Int) {
        let charge = charges[index]
        let rows = final.decisions
        let repeatsSucceed = operators[charge.operatorName]?.repeatsSucceed == true
        var groups: [Claims.Signature: Claims] = [:]
        for case .item(let item) in charge.events {
            guard let kind = item.kind.historyKind, kind != .acknowledged else { continue }
            let signature = Claims.Signature(
                kind: kind, reference: item.reference, key: calls[item.call].key)
            groups[signature, default: Claims()].add(
                item, standing(item, of: charge), resends: calls[item.call].resends)
        }
        for (place, row) in rows.enumerated() where !row.isByPolicy {
            let signature = Claims.Signature(kind: row.kind, reference: row.reference, key: row.key)
            groups[signature, default: Claims()].rows.append(place)
        }
        var windows = Array(repeating: (window: Window(), isDeadline: false), count: rows.count)
        for (signature, claims) in groups {
            let isKeyed = signature.key != Names.none
            // Where repetitions succeed, an OK may be that of a repetition, under whatever key.
            let mayRepeat =
                repeatsSucceed
                && rows.contains {
                    $0.kind == signature.kind && $0.reference == signature.reference && !$0.isByPolicy
                }
            count(claims, final, index, isKeyed: isKeyed, mayRepeat: mayRepeat)
            for (row, window) in zip(
                claims.rows, claims.windows(calls, isKeyed: isKeyed, mayRepeat: mayRepeat))
            {
                windows[row] = window
            }
            for item in claims.certain where item.reported > 0 {
                let place = Int(item.reported) - 1
                if claims.rows.contains(place) {
                    // Without a key, and where repetitions fail, the call itself has made this revision.
                    if !isKeyed, !repeatsSucceed {
                        let call = calls[item.call]
                        windows[place] = (
                            Window(earliest: call.sent, latest: call.ended, lines: call.lines), false
                        )
                    }
                } else if !mayRepeat, !claims.rows.isEmpty {
                    report(
                        .okNotKept, lines: calls[item.call].lines + [final.line],
                        "\(title(item, index)) was answered OK as revision \(item.reported), which is another one"
                    )
                }
            }
        }
        for (window, isDeadline) in windows {
            charges[index].windows.append(window, isDeadline: isDeadline)
        }
        closeWindows(final, index)
    }

    private mutating func closeWindows(_ final: ChargeFile.FinalState, _ index: Int) {
        let deadlines = charges[index].windows.isDeadline
        for clash in charges[index].windows.close() {
            let lines = charges[index].windows.windows[clash.next].lines
            let row = final.decisions[clash.next - 1]
            if deadlines[clash.next] {
                report(
                    .appliedLate, lines: lines + [final.line],
                    "\(title(row, index)) came after the deadline of the calls that can have made it: revision "
                        + "\(clash.revision), which came before, was asked for later")
            } else {
                report(
                    .revisionOrder, lines: lines + [final.line],
                    "\(title(row, index)) was answered before revision \(clash.revision) was asked for")
            }
        }
    }

    private mutating func count(
        _ claims: Claims, _ final: ChargeFile.FinalState, _ index: Int, isKeyed: Bool, mayRepeat: Bool
    ) {
        let needed = isKeyed ? min(claims.certain.count, 1) : claims.certain.count
        let candidates = claims.candidates
        if claims.rows.count < needed, !mayRepeat {
            for item in isKeyed ? claims.certain[...] : claims.certain[claims.rows.count...] {
                report(
                    .okNotKept, lines: calls[item.call].lines + [final.line],
                    "\(title(item, index)) was answered OK, and is not in the history")
            }
        }
        guard let place = claims.rows.last else { return }
        let row = final.decisions[place]
        if candidates.isEmpty {
            reportUnclaimed(row, final, index, denied: claims.denied)
        } else if claims.rows.count > (isKeyed ? 1 : candidates.count) {
            report(
                .decidedTwice, lines: candidates.flatMap { calls[$0].lines } + [final.line],
                "\(title(row, index)) is in the history \(claims.rows.count) times, and fewer calls can have made it"
            )
        } else if claims.certain.isEmpty {
            reportRefused(row, candidates, index)
        }
    }

    /// Reports a row that no call can have made.
    mutating func reportUnclaimed(
        _ row: PastRow, _ final: ChargeFile.FinalState, _ index: Int, denied: [Int]
    ) {
        if denied.isEmpty {
            report(.decidedByNoCall, lines: [final.line], "no call asked for \(title(row, index))")
        } else {
            report(
                .notAppliedButIs, lines: denied.flatMap { calls[$0].lines } + [final.line],
                "\(title(row, index)) is in the history, though the answer was that nothing was applied")
        }
    }

    /// Reports a row that only calls can have made which must not be served.
    mutating func reportRefused(_ row: PastRow, _ candidates: [Int], _ index: Int) {
        guard let first = candidates.first, let refusal = calls[first].refusal,
            candidates.allSatisfy({ calls[$0].refusal != nil })
        else { return }
        report(
            refusal, lines: candidates.flatMap { calls[$0].lines },
            "\(title(row, index)) was made by a call that must not be served")
    }
}
