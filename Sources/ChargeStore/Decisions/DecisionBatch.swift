import Charges
import LibPQ

/// The input of one decision transaction: the items of one call or of several, under a batch id.
struct DecisionBatch: Sendable {
    /// The batch id, by which the outcome can be resolved if the answer to the COMMIT is lost.
    let identifier: PostgresUUID
    /// The moment until which the transaction waits for locks that others hold; `nil` passes over locked items.
    let lockWaitEnds: ContinuousClock.Instant?
    let items: [Entry]
    /// The moment by which the statement must have ended: the first of the items' deadlines.
    let deadline: ContinuousClock.Instant

    /// One item, with all that the database needs to decide it.
    struct Entry: Sendable {
        let asked: AskedCall
        /// The item's index in its call.
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

    /// The lock wait that `countersign.decide` takes, in milliseconds from now; 0 passes over locked items.
    var lockWaitMilliseconds: Int {
        lockWaitEnds.map { max(1, ($0 - .now).milliseconds) } ?? 0
    }
}

/// A batch of several calls' items, in the order of their keys.
struct GatheredBatch: Sendable {
    let batch: DecisionBatch
    /// The origin of each item of the batch: its call, and its index among that call's items.
    private let origins: [(call: Int, item: Int)]
    private let itemCounts: [Int]

    /// - Parameter calls: Each call's items; no charge may be in them twice.
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

    /// The verdicts of the batch's items, grouped by call, in the order in which each call gave its items.
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

    /// Appends the items' deadlines, as times of the server's clock.
    ///
    /// - Parameter clock: The clock for calls that began before the node had first read the server's.
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

    /// Appends the items' customers; NULL where the identifier that was given is not well-formed, so that no customer
    /// can have it.
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
