import FaultJournal

/// What the checker keeps of a call.
struct CallFacts {
    let kind: CallKind
    let operatorName: Name
    /// The token, or the login.
    let credential: Name
    let key: Name
    let sent: Nanoseconds
    let line: Int
    /// When the client had the answer; `Nanoseconds.max` if never.
    var ended = Nanoseconds.max
    var answerLine = 0
    var effect = Effect.unknown
    /// How often a proxy has sent it once more.
    var resends = 0
    /// The last time that it was sent.
    var lastSent: Nanoseconds
    /// The last moment at which it may have had an effect, if its answer does not tell.
    var latestEffect = Nanoseconds.max
    /// Why it must not be served, if it must not.
    var refusal: Invariant?

    /// What the answer says of the call as a whole (contract, section 4).
    enum Effect {
        /// 200 `OK`: what is not listed as failed is durable.
        case answered
        /// Nothing of it was applied or will be.
        case notApplied
        /// It may have been applied or not, or may be until its deadline.
        case unknown
    }

    var lines: [Int] { [line, answerLine] }

    init(_ call: Call, at time: Nanoseconds, line: Int, names: inout Names) {
        kind = call.kind
        operatorName = names.name(call.operatorCode)
        credential = names.name(call.credential)
        key = names.name(call.idempotencyKey)
        sent = time
        lastSent = time
        self.line = line
    }
}

extension Answer {
    /// What the answer says of the call as a whole. The envelope's code decides, since some operators get errors with
    /// the status 200. Without an envelope nothing is known, whatever the status: a balancer may have made it up.
    var effect: CallFacts.Effect {
        switch transport {
        case .refused: .notApplied
        case .broken, .timedOut: .unknown
        case .exit(let status): status == 0 ? .answered : .unknown
        case .http(let status):
            switch code {
            case nil, "OUTCOME_UNKNOWN", "INTERNAL_ERROR": .unknown
            case "OK": status == 200 ? .answered : .unknown
            case "SERVICE_UNAVAILABLE": .notApplied
            default: (400...499).contains(status) || status == 200 ? .notApplied : .unknown
            }
        }
    }
}

extension CallKind {
    /// Whether a call of an operator needs its token.
    var needsToken: Bool {
        switch self {
        case .accept, .decline, .acknowledge, .list, .show: true
        default: false
        }
    }

    /// Whether it changes something in charges.
    var changesCharges: Bool {
        switch self {
        case .accept, .decline, .acknowledge, .ingest, .take, .release, .outcomes: true
        default: false
        }
    }

    /// The decision that it makes, or `ACKNOWLEDGED`; nil for others.
    var historyKind: HistoryKind? {
        switch self {
        case .accept: .accepted
        case .decline: .declined
        case .acknowledge: .acknowledged
        default: nil
        }
    }
}
