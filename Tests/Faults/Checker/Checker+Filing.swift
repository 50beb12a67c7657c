import FaultJournal

/// Filing: what a call and its answer say goes to the charges that they are about.
extension Checker {
    /// Files an answer, or that there was none.
    mutating func file(_ call: Call, _ index: Int, _ answer: Answer) {
        switch call.kind {
        case .accept, .decline, .acknowledge, .take, .release, .outcomes:
            fileItems(call, index, answer.data)
        case .ingest:
            fileArrivals(call, index, answer.data)
        case .list, .show:
            fileRead(call, index, answer)
        case .feed:
            if case .feed(let rows) = answer.data { fileFeed(rows, after: call.after, index) }
        case .login:
            if case .token(let label) = answer.data { access.tokens.append((names.name(label), index)) }
        case .releaseToken, .endLogin, .restoreLogin, .suspendOperator, .resumeOperator, .other: break
        }
    }

    private mutating func fileItems(_ call: Call, _ index: Int, _ data: AnswerData) {
        var results = ItemResults(data, operatorCode: call.operatorCode)
        // A set only where a call has many items.
        let repeated = Self.repeatedNumbers(call)
        for item in call.items {
            let operatorCode = item.operatorCode ?? call.operatorCode
            let result = results.result(of: item)
            let malformation: ItemEvent.Malformation? =
                if repeated.contains(RepeatedNumber(operatorCode: operatorCode, number: item.number)) {
                    .duplicate
                } else if let reference = item.reference, isMalformed(reference) {
                    .reference
                } else {
                    nil
                }
            var event = ItemEvent(
                call: index, kind: call.kind, customer: names.name(item.customer),
                reference: names.name(item.reference), revision: Int32(item.revision ?? -1),
                outcome: item.value.flatMap(Status.init(rawValue:)), isMalformed: malformation)
            if calls[index].effect == .answered {
                event.code = result.map { ItemCode(text: $0.code) } ?? .ok
                event.reported = Int32(result?.revision ?? -1)
            }
            let charge = chargeIndex(names.name(operatorCode), names.name(item.number))
            charges[charge].events.append(.item(event))
        }
        if let stranger = results.stranger(among: call.items) {
            report(
                .impossibleCode, lines: calls[index].lines,
                "the answer names \(stranger.number), which is not an item of the call")
        }
    }

    private struct RepeatedNumber: Hashable {
        let operatorCode: String?
        let number: String
    }

    private static func repeatedNumbers(_ call: Call) -> Set<RepeatedNumber> {
        guard call.items.count > 1 else { return [] }
        var seen: Set<RepeatedNumber> = []
        var repeated: Set<RepeatedNumber> = []
        for item in call.items {
            let number = RepeatedNumber(
                operatorCode: item.operatorCode ?? call.operatorCode, number: item.number)
            if !seen.insert(number).inserted { repeated.insert(number) }
        }
        return repeated
    }

    private mutating func fileRead(_ call: Call, _ index: Int, _ answer: Answer) {
        switch answer.data {
        case .charges(let rows):
            // A list shows what is not acknowledged.
            for row in rows { fileRow(row, index, isAcknowledged: row.isAcknowledged ?? false) }
        case .charge(let row, let history, let references):
            let charge = fileRow(row, index, isAcknowledged: row.isAcknowledged)
            charges[charge].shows.append(
                ChargeFile.Show(
                    call: index, history: history.compactMap { pastRow($0, takesReference: false) },
                    references: references.map { names.name($0) }))
        default:
            guard call.kind == .show, let item = call.items.first,
                answer.code == "CHARGE_NOT_FOUND" || answer.code == "NOT_FOUND"
            else { return }
            let operatorName = names.name(item.operatorCode ?? call.operatorCode)
            notFound.append(
                NotFound(
                    call: index,
                    charge: item.number.isEmpty ? nil : chargeIndex(operatorName, names.name(item.number)),
                    reference: NamePair(first: operatorName, second: names.name(item.reference))))
        }
    }

    @discardableResult
    private mutating func fileRow(_ row: ChargeRow, _ index: Int, isAcknowledged: Bool?) -> Int {
        let charge = chargeIndex(names.name(row.operatorCode), names.name(row.number))
        guard let status = Status(rawValue: row.status) else { return charge }
        let decision: ReadEvent.Decision =
            switch row.decision {
            case nil: .notShown
            case HistoryKind.accepted.rawValue: .accepted
            case HistoryKind.declined.rawValue: .declined
            default: .none
            }
        charges[charge].events.append(
            .read(
                ReadEvent(
                    call: index, status: status, decision: decision,
                    reference: decision == .notShown ? Names.notShown : names.name(row.reference),
                    revision: Int32(row.revision ?? -1), isAcknowledged: isAcknowledged)))
        return charge
    }

    private mutating func fileFeed(_ rows: [FeedRow], after: Int?, _ index: Int) {
        feed.beginPage(call: index, after: after)
        for row in rows where operators[names.name(row.operatorCode)] != nil {
            let charge = chargeIndex(names.name(row.operatorCode), names.name(row.number))
            feed.addRow(row, charge: charge)
            charges[charge].events.append(.feed(call: index, revision: row.revision))
        }
    }

    /// Files a charge of the final read.
    mutating func file(_ row: ChargeRow, _ history: [FinalHistoryRow], line: Int) {
        let charge = chargeIndex(names.name(row.operatorCode), names.name(row.number))
        if let customer = row.customer { charges[charge].customer = names.name(customer) }
        guard let status = Status(rawValue: row.status) else { return }
        let rows = history.compactMap { pastRow($0.row, takesReference: $0.takesReference) }
        charges[charge].final = ChargeFile.FinalState(
            line: line, status: status, decision: row.decision.flatMap(HistoryKind.init(rawValue:)),
            reference: names.name(row.reference), revision: row.revision ?? 0,
            isAcknowledged: row.isAcknowledged,
            decisions: rows.filter { $0.kind != .acknowledged }.sorted { $0.revision < $1.revision },
            acknowledgements: rows.filter { $0.kind == .acknowledged })
    }

    private mutating func pastRow(_ row: HistoryRow, takesReference: Bool) -> PastRow? {
        guard let kind = HistoryKind(rawValue: row.kind) else { return nil }
        return PastRow(
            revision: row.revision, kind: kind, reference: names.name(row.reference),
            key: names.name(row.idempotencyKey), isByPolicy: row.madeBy == "policy",
            takesReference: takesReference)
    }
}

/// Whether a reference number breaks the contract's rules for one.
private func isMalformed(_ reference: String) -> Bool {
    let scalars = reference.unicodeScalars
    // Nearly all are plain.
    if reference.utf8.count <= 64, reference.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !reference.isEmpty {
        return false
    }
    return scalars.count > 64 || scalars.allSatisfy(\.properties.isWhitespace)
        || scalars.contains { $0.properties.generalCategory == .control }
}
