import FaultJournal

/// What reads say of a charge.
extension Checker {
    mutating func checkRead(_ read: ReadEvent, _ index: Int, _ context: inout AnswerContext) {
        let rows = context.final.decisions
        let claim = Claim(
            fits: read.decision == .notShown && read.revision < 0
                ? nil
                : { revision in
                    if read.revision >= 0, Int(read.revision) != revision { return false }
                    let row = revision > 0 ? rows[revision - 1] : nil
                    let isReference =
                        read.reference == Names.notShown || read.reference == row?.reference ?? Names.none
                    switch read.decision {
                    case .notShown: return true
                    case .none: return row == nil
                    case .accepted: return row?.kind == .accepted && isReference
                    case .declined: return row?.kind == .declined && isReference
                    }
                },
            processing: read.status == .pending ? .pending : .status(read.status),
            isAcknowledged: read.isAcknowledged)
        let kind = calls[read.call].kind.rawValue
        let names = names
        check(claim, read.call, index, &context, isRead: true) { charge in
            var text = "\(kind) shows \(charge) as \(read.status.rawValue)"
            switch read.decision {
            case .notShown: break
            case .none: text += ", undecided"
            case .accepted: text += ", accepted"
            case .declined: text += ", declined"
            }
            if read.reference >= 0 { text += " under \(names[read.reference])" }
            if read.revision > 0 { text += " (revision \(read.revision))" }
            return text
        }
    }

    /// Checks that the history that a `show` gave is the beginning of the final one.
    mutating func checkHistory(_ show: ChargeFile.Show, _ index: Int) {
        guard let final = charges[index].final else { return }
        let decisions = show.history.filter { $0.kind != .acknowledged }
        for (place, row) in decisions.enumerated() {
            let last = place < final.decisions.count ? final.decisions[place] : nil
            guard
                last?.kind != row.kind || last?.reference != row.reference
                    || last?.isByPolicy != row.isByPolicy
                    || row.revision != place + 1
            else { continue }
            reportNever(show.call, isRead: true, "show gives \(title(row, index)) as a decision")
        }
        for row in show.history where row.kind == .acknowledged {
            guard final.acknowledgements.first?.reference != row.reference else { continue }
            reportNever(show.call, isRead: true, "show gives \(title(row, index)) as an acknowledgement")
        }
    }

    /// Checks the answers about a charge that is not there at the end.
    mutating func checkAbsent(_ index: Int) {
        for event in charges[index].events where calls[event.call].effect == .answered {
            switch event {
            case .item(let item):
                switch item.code {
                // These say nothing of a charge; an OK has been reported.
                case nil, .ok, .notFound, .duplicateInRequest, .invalidReference, .locked, .operatorNotFound,
                    .other:
                    break
                case let code?:
                    reportNever(
                        item.call, isRead: false, "\(title(item, index)) was answered \(code.rawValue)")
                }
            case .read(let read):
                reportNever(read.call, isRead: true, "a read shows \(title(index))")
            case .feed: break
            }
        }
    }
}
