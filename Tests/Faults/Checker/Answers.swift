import FaultJournal

/// Answers: each must be true of the charge at some moment of its call's interval.
///
/// The states of a charge are its revisions, and whether it was processed, taken and acknowledged. The windows of the
/// effects (`checkEffects`) say which revisions may have been current in the interval; an answer says which revisions it
/// fits. If these have none in common, then
///
/// - *answer-lost-by-failover*: no revision of the final history fits, and a failover came after the answer;
/// - *impossible-read*, *impossible-code*: no revision fits, or only later ones;
/// - *stale-read*, *impossible-code*: only earlier ones fit; if what rules them out is no answer but the deadline of an
///   unknown call, it is *applied-late*.
///
/// An answer is evidence as well. What it shows had happened by then, so answers are judged in their order and narrow
/// the windows for those whose calls were sent later: no read goes back behind another. A window's end is set once by
/// the calls and once by answers, and a search for the states takes two binary searches, so the whole is linear.
extension Checker {
    /// What an answer says of a charge.
    struct Claim {
        /// Whether it fits a revision, which is 0 before the first decision.
        var fits: ((Int) -> Bool)?
        var processing = Processing.either
        var isAcknowledged: Bool?

        enum Processing {
            case either, pending, processed
            case status(Status)
            case otherStatus(Status)
        }
    }

    mutating func checkAnswers(of index: Int, owners: [NamePair: ReferenceOwner]) {
        let charge = charges[index]
        guard !charge.events.isEmpty else { return }
        guard charge.final != nil else {
            checkAbsent(index)
            return
        }
        var context = AnswerContext(charge, calls)
        for event in charge.events where calls[event.call].effect == .answered {
            switch event {
            case .item(let item):
                checkItem(item, index, &context, owners)
            case .read(let read):
                checkRead(read, index, &context)
            case .feed(let call, let revision):
                guard revision <= context.windows.last else { continue }
                // The feed shows that a decision was made, not that it is current.
                check(Claim(fits: { $0 >= revision }), call, index, &context, isRead: true) {
                    "a page of the feed shows revision \(revision) of \($0)"
                }
            }
        }
        for show in charge.shows {
            checkHistory(show, index)
            checkReferences(show, index, owners)
        }
    }

    /// What the answers about a charge are judged by.
    struct AnswerContext {
        let charge: ChargeFile
        let final: ChargeFile.FinalState
        var windows: RevisionWindows
        var processed: Window
        var acknowledged: Window
        /// The decisions made under a key, by what they are the same by.
        let keyed: [Claims.Signature: Int]
        let takings: Takings

        init(_ charge: ChargeFile, _ calls: [CallFacts]) {
            self.charge = charge
            final = charge.final!
            windows = charge.windows
            processed = charge.processed
            acknowledged = charge.acknowledged
            takings = Takings(charge.events, calls)
            keyed = Dictionary(
                final.decisions.enumerated().filter { $0.element.key != Names.none }.map { place, row in
                    (Claims.Signature(kind: row.kind, reference: row.reference, key: row.key), place + 1)
                }, uniquingKeysWith: { _, last in last })
        }

        /// The decision of a revision; nil for 0.
        func decision(_ revision: Int) -> PastRow? {
            revision > 0 ? final.decisions[revision - 1] : nil
        }
    }

    /// Judges a claim, and takes it as evidence for those after it.
    mutating func check(
        _ claim: Claim, _ call: Int, _ index: Int, _ context: inout AnswerContext, isRead: Bool,
        _ sentence: (_ charge: String) -> String
    ) {
        let facts = calls[call]
        let title = title(index)
        switch claim.processing {
        case .either: break
        case .pending:
            if context.processed.latest < facts.sent {
                report(
                    isRead ? .staleRead : .impossibleCode, lines: facts.lines + context.processed.lines,
                    "\(sentence(title)), which had been processed before")
                return
            }
        case .processed, .status, .otherStatus:
            guard fits(claim.processing, context.final.status) else {
                if isRead, context.final.status != .pending {
                    report(
                        .processedChanged, lines: facts.lines + [context.final.line],
                        "\(sentence(title)), and it is \(context.final.status.rawValue) at the end")
                } else {
                    reportNever(call, isRead: isRead, sentence(title))
                }
                return
            }
            guard context.processed.earliest <= facts.ended else {
                reportEarly(call, isRead: isRead, sentence(title))
                return
            }
            context.processed.happened(by: facts.ended, lines: facts.lines)
        }
        if let isAcknowledged = claim.isAcknowledged {
            checkAcknowledged(isAcknowledged, call, &context, isRead: isRead, sentence(title))
        }
        if let fits = claim.fits { checkRevision(fits, call, &context, isRead: isRead, sentence(title)) }
    }

    private func fits(_ processing: Claim.Processing, _ status: Status) -> Bool {
        switch processing {
        case .either: true
        case .pending: status == .pending
        case .processed: status != .pending
        case .status(let expected): status == expected
        case .otherStatus(let other): status != other && status != .pending
        }
    }

    private mutating func checkAcknowledged(
        _ isAcknowledged: Bool, _ call: Int, _ context: inout AnswerContext, isRead: Bool, _ sentence: String
    ) {
        let facts = calls[call]
        let isInTheEnd = !context.final.acknowledgements.isEmpty
        if isAcknowledged {
            guard isInTheEnd else { return reportNever(call, isRead: isRead, sentence) }
            guard context.acknowledged.earliest <= facts.ended else {
                return reportEarly(call, isRead: isRead, sentence)
            }
            context.acknowledged.happened(by: facts.ended, lines: facts.lines)
        } else if isInTheEnd, context.acknowledged.latest < facts.sent {
            report(
                isRead ? .staleRead : .impossibleCode, lines: facts.lines + context.acknowledged.lines,
                "\(sentence), which had been acknowledged before")
        }
    }

    private mutating func checkRevision(
        _ fits: (Int) -> Bool, _ call: Int, _ context: inout AnswerContext, isRead: Bool, _ sentence: String
    ) {
        let facts = calls[call]
        let possible = context.windows.possible(from: facts.sent, to: facts.ended)
        if let first = possible.first(where: fits) {
            context.windows.happened(first, by: facts.ended, lines: facts.lines)
            return
        }
        // The rest is for the sentence.
        guard let nearest = (0...context.windows.last).last(where: fits) else {
            return reportNever(call, isRead: isRead, sentence)
        }
        guard nearest < possible.lowerBound else {
            return reportEarly(call, isRead: isRead, sentence)
        }
        let next = context.windows.windows[nearest + 1]
        report(
            context.windows.isDeadline[nearest + 1] ? .appliedLate : isRead ? .staleRead : .impossibleCode,
            lines: facts.lines + next.lines,
            "\(sentence), though revision \(nearest + 1) had been made before the call was sent")
    }

    /// Reports an answer that no state of the final history fits.
    mutating func reportNever(_ call: Int, isRead: Bool, _ sentence: String) {
        let facts = calls[call]
        if let line = faults.failover(after: facts.sent) {
            report(
                .answerLostByFailover, lines: facts.lines + [line],
                "\(sentence), which nothing at the end bears out: a failover lost it")
        } else {
            report(
                isRead ? .impossibleRead : .impossibleCode, lines: facts.lines,
                "\(sentence), which nothing at the end bears out")
        }
    }

    private mutating func reportEarly(_ call: Int, isRead: Bool, _ sentence: String) {
        report(
            isRead ? .impossibleRead : .impossibleCode, lines: calls[call].lines,
            "\(sentence), before that can have come about")
    }
}
