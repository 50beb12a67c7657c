import FaultJournal

/// The tokens that logins gave, with the calls that got them, in the order of the answers.
struct AccessRecord {
    var tokens: [(label: Name, call: Int)] = []
}

/// *ended-token-decides*, *suspended-operator-decides*: a call that is sent a second after the answer to the call that
/// ended its token or suspended its operator is not served.
///
/// A token ends when it is released, when its login ends and when its operator is suspended, and stays ended. A token
/// counts as given before the end only if its login was answered before the other call was sent. An operator is
/// suspended from the answer to its suspension until the first resumption is sent that may have come after it. Calls
/// whose answers do not tell end nothing here, and resume everything. Each token ends once, and each call looks up one
/// token and one suspension.
extension Checker {
    mutating func checkAccess() {
        let ends = tokenEnds()
        let suspensions = suspensionSpans()
        for index in calls.indices where calls[index].kind.needsToken {
            let call = calls[index]
            var lines = call.lines
            if let end = ends[call.credential], end.time <= call.sent {
                calls[index].refusal = .endedTokenDecides
                lines.append(end.line)
            } else if let spans = suspensions[call.operatorName],
                let span = spans.last(where: { $0.start <= call.sent }),
                (call.effect == .answered ? call.ended : call.latestEffect) < span.end
            {
                calls[index].refusal = .suspendedOperatorDecides
                lines.append(span.line)
            }
            guard let refusal = calls[index].refusal, call.effect == .answered else { continue }
            let reason =
                refusal == .endedTokenDecides
                ? "with the token \(names[call.credential]), which had ended more than a second before,"
                : "while \(names[call.operatorName]) had been suspended for more than a second"
            report(refusal, lines: lines, "\(call.kind.rawValue) \(reason) was answered OK")
        }
    }

    private struct End {
        let time: Nanoseconds
        let line: Int
    }

    /// From when on each token must not be served.
    private func tokenEnds() -> [Name: End] {
        var ends: [Name: End] = [:]
        // The tokens that are still to end, by what ends them; those given first come first.
        var byLogin: [Name: Queue] = [:]
        var byOperator: [Name: Queue] = [:]
        for (label, call) in access.tokens {
            let token = Queue.Token(label: label, given: calls[call].ended)
            byLogin[calls[call].credential, default: Queue()].tokens.append(token)
            byOperator[calls[call].operatorName, default: Queue()].tokens.append(token)
        }
        for call in calls where call.effect == .answered {
            let end = End(time: call.ended + limits.revocation, line: call.line)
            var ended: [Name] = []
            switch call.kind {
            case .releaseToken: ended = [call.credential]
            case .endLogin: ended = byLogin[call.credential]?.removeGiven(by: call.sent) ?? []
            case .suspendOperator: ended = byOperator[call.operatorName]?.removeGiven(by: call.sent) ?? []
            default: continue
            }
            for label in ended where ends[label].map({ $0.time > end.time }) ?? true { ends[label] = end }
        }
        return ends
    }

    /// Tokens in the order in which they were given.
    private struct Queue {
        struct Token {
            let label: Name
            let given: Nanoseconds
        }
        var tokens: [Token] = []
        private var first = 0

        mutating func removeGiven(by time: Nanoseconds) -> [Name] {
            let start = first
            while first < tokens.count, tokens[first].given <= time { first += 1 }
            return tokens[start..<first].map(\.label)
        }
    }

    private struct Span {
        let start: Nanoseconds
        let end: Nanoseconds
        let line: Int
    }

    /// When each operator certainly was suspended, in the order of time.
    private func suspensionSpans() -> [Name: [Span]] {
        var resumptions: [Name: [CallFacts]] = [:]
        for call in calls where call.kind == .resumeOperator && call.effect != .notApplied {
            resumptions[call.operatorName, default: []].append(call)
        }
        var spans: [Name: [Span]] = [:]
        for call in calls where call.kind == .suspendOperator && call.effect == .answered {
            let resumption = resumptions[call.operatorName]?.first {
                ($0.effect == .answered ? $0.ended : $0.latestEffect) > call.sent
            }
            spans[call.operatorName, default: []].append(
                Span(
                    start: call.ended + limits.revocation, end: resumption?.sent ?? .max, line: call.line))
        }
        return spans
    }
}
