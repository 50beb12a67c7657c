import Charges
import LibPQ

/// What one decision transaction is asked to do: the items of one call or of several, under an id of its own.
struct DecisionBatch: Sendable {
    /// The transaction's own id, by which its outcome can be settled if the answer to its COMMIT is lost.
    let identifier: PostgresUUID
    /// Until when to wait for what others hold; `nil` passes over it.
    let lockWaitEnds: ContinuousClock.Instant?
    let items: [Entry]
    /// When the statement must have ended: the first of the items' deadlines.
    let deadline: ContinuousClock.Instant

    /// One item with all that the database needs to judge it.
    struct Entry: Sendable {
        let asked: AskedCall
        /// Which of the call's items.
        let index: Int

        var operatorIdentifier: OperatorIdentifier { asked.call.operatorIdentifier }
        var action: ChargeAction { asked.call.action }
        var number: ExactText { asked.call.items[index].number }
        var customer: ExactText { asked.call.items[index].billingSystemCustomerIdentifier }
        var referenceNumber: ExactText? { asked.call.items[index].referenceNumber }
    }

    /// - Parameter items: At least one.
    init(_ items: [Entry], lockWaitEnds: ContinuousClock.Instant? = nil) {
        identifier = .timeOrdered(millisecondsSince1970: WallClock.millisecondsSince1970)
        self.lockWaitEnds = lockWaitEnds
        self.items = items
        deadline = items.map(\.asked.deadline).min() ?? .now
    }

    /// The lock wait as `countersign.decide` takes it, counted from now: 0 passes over what is held.
    var lockWaitMilliseconds: Int {
        lockWaitEnds.map { max(1, ($0 - .now).milliseconds) } ?? 0
    }
}

/// The items of several calls as one batch, in the order of their keys.
struct GatheredBatch: Sendable {
    let batch: DecisionBatch
    /// For each item of the batch its call, and its place among that call's items.
    private let origins: [(call: Int, item: Int)]
    private let itemCounts: [Int]

    /// - Parameter calls: Each call's items; no charge twice.
    init(_ calls: [[DecisionBatch.Entry]]) {
        itemCounts = calls.map(\.count)
        var keys: [(operatorIdentifier: OperatorIdentifier, number: ExactText, call: Int, item: Int)] = []
        keys.reserveCapacity(itemCounts.reduce(0, +))
        for (call, entries) in calls.enumerated() {
            for (item, entry) in entries.enumerated() {
                keys.append((entry.operatorIdentifier, entry.number, call, item))
            }
        }
        keys.sort { ($0.operatorIdentifier, $0.number) < ($1.operatorIdentifier, $1.number) }
        origins = keys.map { ($0.call, $0.item) }
        batch = DecisionBatch(origins.map { calls[$0.call][$0.item] })
    }

    /// What was said of the batch's items, call by call, in the order in which each gave its items.
    func byCall(_ verdicts: [DecisionVerdict?]) -> [[DecisionVerdict?]] {
        var found = itemCounts.map { [DecisionVerdict?](repeating: nil, count: $0) }
        for (origin, verdict) in zip(origins, verdicts) { found[origin.call][origin.item] = verdict }
        return found
    }
}

/// The columns of a batch, one array each, in the order of the items.
extension Parameters {
    mutating func append(operatorsOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.operatorIdentifier.value))
    }

    /// By the server's clock.
    ///
    /// - Parameter clock: For calls that began when the node had not read it yet.
    mutating func append(deadlinesOf items: [DecisionBatch.Entry], _ clock: ServerClock) throws(PostgresError)
    {
        try append(
            timestamps: items.map {
                ($0.asked.clock ?? clock).time(at: $0.asked.deadline).microsecondsSince2000
            })
    }

    mutating func append(usernamesOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.asked.call.username))
    }

    mutating func append(idempotencyKeysOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map { $0.asked.call.idempotencyKey?.string })
    }

    mutating func append(kindsOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.action.rawValue))
    }

    mutating func append(numbersOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.number.string))
    }

    /// NULL where no customer can have the identifier that was given.
    mutating func append(customersOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(
            items.map { DecisionItem.isWellFormed($0.customer) ? $0.customer.string : nil })
    }

    mutating func append(referenceNumbersOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map { $0.referenceNumber?.string })
    }

    mutating func append(repeatsSucceedOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.asked.call.repeatsSucceed))
    }
}
