import FaultJournal

/// *impossible-code*: what answers say of items. Each code is a claim about the charge (contract, section 3.6, and 5).
extension Checker {
    mutating func checkItem(
        _ item: ItemEvent, _ index: Int, _ context: inout AnswerContext, _ owners: [NamePair: ReferenceOwner]
    ) {
        // A locked charge was not looked at. Any code of the whole call was not about the item.
        guard let code = item.code, code != .locked, code != .other, code != .operatorNotFound else { return }
        let isMalformedCode = code == .duplicateInRequest || code == .invalidReference
        guard isMalformedCode == (item.isMalformed != nil) else {
            reportCode(item, index, code, "and the call is not so")
            return
        }
        if isMalformedCode { return }
        if let own = ownRow(item, context), own.latest < calls[item.call].sent, code != .ok,
            code != .superseded
        {
            reportCode(
                item, index, code, "though it is a repetition under a key that had been applied", own.lines)
            return
        }
        switch code {
        case .notFound:
            if context.charge.arrivedBy < calls[item.call].sent {
                reportCode(item, index, code, "which was there", context.charge.arrivalLines)
            }
            return
        case .customerMismatch:
            if item.customer == context.charge.customer {
                reportCode(item, index, code, "and the customer is right")
            }
            return
        case .referenceInUse:
            guard checkOwner(item, index, owners) else { return }
        case .inProcess:
            let call = calls[item.call]
            guard context.takings.mayBeTaken(from: call.sent, to: call.ended) else {
                reportCode(item, index, code, "though it cannot have been taken then")
                return
            }
        case .ok:
            if item.kind.historyKind != nil, context.charge.customer != Names.none,
                item.customer != context.charge.customer
            {
                reportCode(item, index, code, "and the customer is not the charge's")
            }
        default: break
        }
        guard let claim = claim(item, code, context) else {
            reportCode(item, index, code, "which is no code of this call")
            return
        }
        let title = title(item, index)
        check(claim, item.call, index, &context, isRead: false) { _ in
            "\(title) was answered \(code.rawValue)"
        }
    }

    /// When the item's own decision was made, if there is one under its key.
    private func ownRow(_ item: ItemEvent, _ context: AnswerContext) -> Window? {
        let key = calls[item.call].key
        guard key != Names.none, let kind = item.kind.historyKind, item.customer == context.charge.customer
        else {
            return nil
        }
        if kind == .acknowledged {
            let row = context.final.acknowledgements.first
            return row?.key == key && row?.reference == item.reference ? context.acknowledged : nil
        }
        return context.keyed[Claims.Signature(kind: kind, reference: item.reference, key: key)].map {
            context.windows.windows[$0]
        }
    }

    private mutating func checkOwner(
        _ item: ItemEvent, _ index: Int, _ owners: [NamePair: ReferenceOwner]
    ) -> Bool {
        let reference = NamePair(first: charges[index].operatorName, second: item.reference)
        guard let owner = owners[reference] else {
            reportNever(
                item.call, isRead: false, "\(title(item, index)) was answered REFERENCE_NUMBER_IN_USE")
            return false
        }
        guard owner.charge != index, owner.earliest <= calls[item.call].ended else {
            reportCode(item, index, .referenceInUse, "though no other charge had it", [owner.line])
            return false
        }
        return true
    }

    private mutating func reportCode(
        _ item: ItemEvent, _ index: Int, _ code: ItemCode, _ reason: String, _ lines: [Int] = []
    ) {
        report(
            .impossibleCode, lines: calls[item.call].lines + lines,
            "\(title(item, index)) was answered \(code.rawValue), \(reason)")
    }

    /// What a code says of the charge; nil if the call has no such code.
    private func claim(_ item: ItemEvent, _ code: ItemCode, _ context: AnswerContext) -> Claim? {
        switch item.kind {
        case .accept, .decline: decisionClaim(item, code, context)
        case .acknowledge: acknowledgementClaim(code)
        default: providerClaim(item, code, context)
        }
    }

    private func decisionClaim(_ item: ItemEvent, _ code: ItemCode, _ context: AnswerContext) -> Claim? {
        let rows = context.final.decisions
        let kind = item.kind.historyKind!
        let key = calls[item.call].key
        let signature = Claims.Signature(kind: kind, reference: item.reference, key: key)
        // Whether the operator has decided so, by a revision.
        func isDecided(_ revision: Int) -> Bool {
            revision > 0 && rows[revision - 1].kind == kind && !rows[revision - 1].isByPolicy
        }
        let repeatsSucceed = operators[context.charge.operatorName]?.repeatsSucceed == true
        switch (code, kind) {
        case (.ok, _):
            let fits: (Int) -> Bool = { revision in
                isDecided(revision) && rows[revision - 1].reference == item.reference
                    && (repeatsSucceed || rows[revision - 1].key == key)
                    && (item.reported <= 0 || Int(item.reported) == revision)
            }
            // If there is none, it has been reported as not kept.
            return Claim(fits: (0...rows.count).contains(where: fits) ? fits : nil)
        case (.superseded, _):
            let own = key == Names.none ? nil : context.keyed[signature]
            return Claim(fits: { revision in own.map { $0 < revision } ?? false })
        case (.alreadyProcessed, _): return Claim(processing: .processed)
        case (.inProcess, _): return Claim(processing: .pending)
        case (.alreadyAccepted, .accepted), (.alreadyDeclined, .declined):
            return Claim(
                fits: { revision in
                    isDecided(revision) && rows[revision - 1].reference == item.reference
                        && (key == Names.none || rows[revision - 1].key != key)
                }, processing: .pending)
        case (.acceptedUnderOther, .accepted), (.declinedUnderOther, .declined):
            return Claim(
                fits: { isDecided($0) && rows[$0 - 1].reference != item.reference }, processing: .pending)
        case (.referenceInUse, _):
            return Claim(fits: { !isDecided($0) }, processing: .pending)
        default: return nil
        }
    }

    private func acknowledgementClaim(_ code: ItemCode) -> Claim? {
        switch code {
        case .ok, .alreadyAcknowledged: Claim(processing: .processed, isAcknowledged: true)
        case .notProcessed: Claim(processing: .pending)
        case .referenceInUse: Claim(processing: .processed, isAcknowledged: false)
        default: nil
        }
    }

    private func providerClaim(_ item: ItemEvent, _ code: ItemCode, _ context: AnswerContext) -> Claim? {
        let asked = Int(item.revision)
        switch (item.kind, code) {
        case (.take, .ok): return Claim(fits: { $0 == asked }, processing: .pending)
        case (.release, .ok): return Claim(fits: { $0 >= asked }, processing: .pending)
        case (.take, .alreadyProcessed), (.release, .alreadyProcessed): return Claim(processing: .processed)
        case (.take, .decisionConflict), (.release, .decisionConflict):
            return Claim(fits: { $0 > 0 && $0 != asked }, processing: .pending)
        case (_, .decisionRequired): return Claim(fits: { $0 == 0 }, processing: .pending)
        case (.outcomes, .ok):
            guard let outcome = item.outcome else { return nil }
            // If it is another one at the end, that has been reported.
            return Claim(processing: context.final.status == outcome ? .status(outcome) : .either)
        case (.outcomes, .alreadyProcessed):
            guard let outcome = item.outcome else { return nil }
            return Claim(processing: .otherStatus(outcome))
        case (.outcomes, .invalidOutcome): return item.outcome == nil ? Claim() : nil
        case (.outcomes, .decisionConflict):
            let rows = context.final.decisions
            let needed = item.outcome?.neededDecision
            return Claim(
                fits: { revision in
                    let isOther = needed != nil && revision > 0 && rows[revision - 1].kind != needed
                    let isStale = asked >= 0 && asked != revision && (needed == nil || revision > 0)
                    return isOther || isStale
                }, processing: .pending)
        default: return nil
        }
    }
}
