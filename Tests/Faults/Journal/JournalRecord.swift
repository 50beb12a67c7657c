/// A record of the journal, which is one line of its file. The lines are in the order of their times.
package enum JournalRecord: Equatable, Sendable {
    /// What the run was started with; the first line.
    case run(scenario: String, seed: UInt64)
    /// The settings of an operator, in force from this line on.
    case `operator`(OperatorSettings)
    /// A charge that is there before the run's first call, pending and undecided. Others arrive by `ingest`.
    case charge(operatorCode: String, number: String, customer: String)
    /// A call, just before it is sent.
    case call(CallID, at: Nanoseconds, Call)
    /// A call that a proxy sends once more, just before it does. The call may then have its effect once more.
    case resent(CallID, at: Nanoseconds)
    /// The end of a call. A call without one is unknown.
    case answer(CallID, at: Nanoseconds, Answer)
    /// A fault that begins or ends.
    case fault(Fault, at: Nanoseconds)
    /// The final read of the database, when all calls have ended and all faults are over: each charge in one record,
    case finalCharge(ChargeRow, history: [FinalHistoryRow])
    /// each row of the feed in the order of the feed,
    case finalFeed(FeedRow)
    /// each line of the statements, by operator and in the order of the statements,
    case finalEvent(EventRow)
    /// and the end of it. Without this line the run was cut short, and what rests on the final read is not checked.
    case finalEnd(at: Nanoseconds)
}

/// The settings of an operator that its calls' results depend on.
package struct OperatorSettings: Equatable, Sendable {
    package var code: String
    /// Whether the repetition of a current decision is a success (`--repeat success`).
    package var repeatsSucceed: Bool
    /// Whether its policy may decide during the run.
    package var hasPolicy: Bool

    package init(_ code: String, repeatsSucceed: Bool = false, hasPolicy: Bool = false) {
        self.code = code
        self.repeatsSucceed = repeatsSucceed
        self.hasPolicy = hasPolicy
    }
}

/// A row of a charge's history in the final read.
package struct FinalHistoryRow: Equatable, Sendable {
    package var row: HistoryRow
    /// Whether this row is the one by which the charge took the reference.
    package var takesReference: Bool

    package init(_ row: HistoryRow, takesReference: Bool) {
        self.row = row
        self.takesReference = takesReference
    }
}

/// The beginning or the end of a fault.
package struct Fault: Equatable, Sendable {
    /// A name of a fault of the suite, without white space.
    package var name: String
    /// What it happens to, for a person.
    package var target: String
    package var phase: Phase
    /// Whether from this moment on, with every fault that is under way, the service must serve: a majority of the
    /// servers is healthy with a primary among them, and a node that clients reach.
    package var isServiceable: Bool
    /// Whether this is a promotion of a standby: what only the old primary had is lost. Its end has the same name.
    package var isFailover: Bool
    /// Whether the effects of calls may be held up until the fault ends, and then come: a frozen node, balancer or
    /// proxy, a black hole or a slow link anywhere, and standbys away (a commit that waits for them is seen once they
    /// are back). How long an unknown call may still have its effect counts from the end of such faults.
    package var delaysEffects: Bool

    package init(
        _ name: String, target: String = "", _ phase: Phase, isServiceable: Bool, isFailover: Bool = false,
        delaysEffects: Bool = false
    ) {
        self.name = name
        self.target = target
        self.phase = phase
        self.isServiceable = isServiceable
        self.isFailover = isFailover
        self.delaysEffects = delaysEffects
    }

    /// Whether the fault begins or ends. A beginning is recorded just before it, an end just after it.
    package enum Phase: String, Sendable {
        case begins, ends
    }
}
