import FaultJournal

/// Everything that the journal says of one charge.
struct ChargeFile {
    let operatorName: Name
    let number: Name
    /// `Names.none` if only calls name the charge.
    var customer = Names.none
    /// When a client knew for certain that the charge is there.
    var arrivedBy = Nanoseconds.max
    var arrivalLines: [Int] = []
    /// Calls and reads, in the order of their answers; those without an answer come last.
    var events: [ChargeEvent] = []
    /// What `show` gave, in the order of the answers.
    var shows: [Show] = []
    var final: FinalState?
    /// When the decisions, the outcome and the acknowledgement were committed, as far as the journal tells.
    var windows = RevisionWindows()
    var processed = Window()
    var acknowledged = Window()

    init(operatorName: Name, number: Name) {
        self.operatorName = operatorName
        self.number = number
    }

    /// A `show` with the whole history.
    struct Show {
        let call: Int
        let history: [PastRow]
        let references: [Name]
    }

    /// The charge in the final read.
    struct FinalState {
        let line: Int
        let status: Status
        let decision: HistoryKind?
        let reference: Name
        let revision: Int
        let isAcknowledged: Bool?
        /// The decisions in the order of their revisions.
        var decisions: [PastRow]
        var acknowledgements: [PastRow]
    }
}

/// A row of history.
struct PastRow {
    let revision: Int
    let kind: HistoryKind
    let reference: Name
    let key: Name
    let isByPolicy: Bool
    let takesReference: Bool
}

/// Something that happened to a charge or was said of it.
enum ChargeEvent {
    case item(ItemEvent)
    case read(ReadEvent)
    /// A page of the feed had this revision.
    case feed(call: Int, revision: Int)

    var call: Int {
        switch self {
        case .item(let item): item.call
        case .read(let read): read.call
        case .feed(let call, _): call
        }
    }
}

/// An item of a call that changes the charge.
struct ItemEvent {
    /// Its call's place in the list of calls.
    let call: Int
    let kind: CallKind
    let customer: Name
    let reference: Name
    /// The revision that the item names, or -1.
    let revision: Int32
    let outcome: Status?
    /// `ok`, or the failure; nil if the call as a whole was not answered OK.
    var code: ItemCode?
    /// The revision that the answer names, or -1.
    var reported: Int32 = -1
    /// Whether the item can have no effect: its number appears twice in the call, or its reference is malformed.
    let isMalformed: Malformation?

    enum Malformation { case duplicate, reference }
}

/// A row of a list, or the current state of a `show`.
struct ReadEvent {
    let call: Int
    let status: Status
    let decision: Decision
    let reference: Name
    /// -1 if it is not shown.
    let revision: Int32
    let isAcknowledged: Bool?

    enum Decision { case notShown, none, accepted, declined }
}
