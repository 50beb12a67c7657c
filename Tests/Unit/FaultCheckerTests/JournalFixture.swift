import FaultChecker
import FaultJournal

/// A journal made by hand: calls with their times in seconds, in any order, and a final read.
///
/// There are the operator `acme` and, once named, its charges, with the customer `c1`. The feed has each decision of the
/// final read in its order, unless a test says otherwise.
struct JournalFixture {
    struct Entry {
        var call: Call
        var sent: Double
        var ended: Double
        /// nil: there is none.
        var answer: Answer?
        var resent: Double?
    }

    var settings = OperatorSettings("acme")
    var entries: [Entry] = []
    var faults: [(time: Double, fault: Fault)] = []
    var charges: [String] = []
    var finals: [(row: ChargeRow, history: [FinalHistoryRow])] = []
    var feed: [FeedRow]?
    /// The lines of the statements; nil: what fits the final read.
    var statements: [EventRow]?
    var isComplete = true

    // MARK: Calls

    /// A call of one item of `acme`, under way from the first to the last of the times.
    mutating func call(
        _ kind: CallKind, _ number: String, _ reference: String? = nil, key: String? = nil,
        revision: Int? = nil,
        value: String? = nil, customer: String = "c1", token: String = "t1", at times: ClosedRange<Double>,
        _ answer: Answer?, resent: Double? = nil
    ) {
        let isOperator = [.accept, .decline, .acknowledge].contains(kind)
        let item = CallItem(
            number, operatorCode: isOperator ? nil : "acme",
            customer: isOperator || kind == .ingest ? customer : nil,
            reference: reference, revision: revision, value: value)
        send(
            Call(
                kind, client: "a", target: "node1", operatorCode: isOperator ? "acme" : nil,
                credential: isOperator ? token : nil, idempotencyKey: key, items: [item]),
            at: times, answer, resent: resent)
    }

    /// A call that has no items.
    mutating func call(
        _ kind: CallKind, credential: String? = nil, after: Int? = nil, at times: ClosedRange<Double>,
        _ answer: Answer?
    ) {
        send(
            Call(
                kind, client: "a", target: "node1", operatorCode: "acme", credential: credential, after: after
            ),
            at: times, answer)
    }

    mutating func send(
        _ call: Call, at times: ClosedRange<Double>, _ answer: Answer?, resent: Double? = nil
    ) {
        entries.append(
            Entry(call: call, sent: times.lowerBound, ended: times.upperBound, answer: answer, resent: resent)
        )
    }

    /// A `show` of a charge without its history.
    mutating func show(
        _ number: String, status: String = "PENDING", decision: String? = nil, _ reference: String? = nil,
        revision: Int? = nil, isAcknowledged: Bool? = nil, at times: ClosedRange<Double>
    ) {
        let row = ChargeRow(
            "acme", number, customer: "c1", status: status, decision: decision, reference: reference,
            revision: revision, isAcknowledged: isAcknowledged)
        call(.list, credential: "t1", at: times, .ok(.charges([row])))
    }

    // MARK: The final read

    /// The charge at the end. Its state follows from its history, and the first row with a reference took it.
    mutating func end(_ number: String, status: String = "PENDING", _ history: HistoryRow...) {
        let last = history.last { $0.revision > 0 }
        var references: Set<String> = []
        finals.append(
            (
                ChargeRow(
                    "acme", number, customer: "c1", status: status, decision: last?.kind ?? "NONE",
                    reference: last?.reference, revision: last?.revision ?? 0,
                    isAcknowledged: history.contains { $0.revision == 0 }),
                history.map { row in
                    FinalHistoryRow(
                        row, takesReference: row.reference.map { references.insert($0).inserted } ?? false)
                }
            ))
    }

    // MARK: Judging

    /// The journal, in the order of its times.
    var records: [JournalRecord] {
        var timed: [(time: Double, record: JournalRecord)] = []
        for (place, entry) in entries.sorted(by: { $0.sent < $1.sent }).enumerated() {
            timed.append((entry.sent, .call(place + 1, at: Self.time(entry.sent), entry.call)))
            if let resent = entry.resent { timed.append((resent, .resent(place + 1, at: Self.time(resent)))) }
            if let answer = entry.answer {
                timed.append((entry.ended, .answer(place + 1, at: Self.time(entry.ended), answer)))
            }
        }
        timed += faults.map { ($0.time, .fault($0.fault, at: Self.time($0.time))) }
        var records: [JournalRecord] = [.run(scenario: "hand", seed: 1), .operator(settings)]
        records += charges.map { .charge(operatorCode: "acme", number: $0, customer: "c1") }
        records += timed.sorted { $0.time < $1.time }.map(\.record)
        records += finals.map { .finalCharge($0.row, history: $0.history) }
        records += (feed ?? wholeFeed).map(JournalRecord.finalFeed)
        records += (statements ?? statementLines(of: finals)).map(JournalRecord.finalEvent)
        if isComplete { records.append(.finalEnd(at: Self.time(1000))) }
        return records
    }

    /// Each decision of the final read, in its order.
    var wholeFeed: [FeedRow] {
        var rows: [FeedRow] = []
        for (charge, history) in finals {
            for row in history.map(\.row) where row.revision > 0 {
                rows.append(FeedRow(rows.count + 1, "acme", charge.number, row.kind, row.revision))
            }
        }
        return rows
    }

    var verdict: Verdict {
        var checker = Checker()
        for (place, record) in records.enumerated() { checker.add(record, line: place + 1) }
        return checker.finish()
    }

    /// The invariants that the journal breaks.
    var broken: Set<Invariant> { Set(verdict.violations.map(\.invariant)) }

    private static func time(_ seconds: Double) -> Nanoseconds { Nanoseconds(seconds * 1e9) }

    /// A journal with a pending charge.
    static func with(_ numbers: String..., change: (inout JournalFixture) -> Void) -> JournalFixture {
        var fixture = JournalFixture()
        fixture.charges = numbers
        change(&fixture)
        return fixture
    }
}

extension Answer {
    static func failed(_ number: String, _ code: String, _ reference: String? = nil) -> Answer {
        .ok(.failures([ItemResult(number, code, reference: reference)]))
    }

    static func decided(_ number: String, _ revision: Int) -> Answer {
        .ok(.results([ItemResult(number, "OK", revision: revision)]))
    }

    static let unavailable = Answer(.http(503), code: "SERVICE_UNAVAILABLE")
    static let outcomeUnknown = Answer(.http(503), code: "OUTCOME_UNKNOWN")
    static let broken = Answer(.broken)
}

extension HistoryRow {
    static func accepted(
        _ revision: Int, _ reference: String? = nil, key: String? = nil, by: String = "operator"
    )
        -> HistoryRow
    {
        HistoryRow(revision, "ACCEPTED", reference: reference, madeBy: by, idempotencyKey: key)
    }

    static func declined(_ revision: Int, _ reference: String? = nil, key: String? = nil) -> HistoryRow {
        HistoryRow(revision, "DECLINED", reference: reference, idempotencyKey: key)
    }

    static func acknowledged(_ reference: String? = nil, key: String? = nil) -> HistoryRow {
        HistoryRow(0, "ACKNOWLEDGED", reference: reference, idempotencyKey: key)
    }
}
