import Charges
import LibPQ

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
            items.map { DecisionItem.canExist($0.customer) ? $0.customer.string : nil })
    }

    mutating func append(referenceNumbersOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map { $0.referenceNumber?.string })
    }

    mutating func append(repeatsSucceedOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.asked.call.repeatsSucceed))
    }
}
