import Charges
import LibPQ

/// The columns of a batch, one array each, in the order of the items.
extension Parameters {
    mutating func append(operatorsOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.operatorIdentifier.value))
    }

    /// By the server's clock.
    mutating func append(deadlinesOf items: [DecisionBatch.Entry], _ clock: ServerClock) throws(PostgresError)
    {
        try append(timestamps: items.map { clock.time(at: $0.deadline).microsecondsSince2000 })
    }

    mutating func append(usernamesOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.call.username))
    }

    mutating func append(idempotencyKeysOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map { $0.call.idempotencyKey?.string })
    }

    mutating func append(kindsOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.call.action.rawValue))
    }

    mutating func append(numbersOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.item.number.string))
    }

    /// NULL where no customer can have the identifier that was given.
    mutating func append(customersOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(
            items.map { $0.item.customerCanExist ? $0.item.billingSystemCustomerIdentifier.string : nil })
    }

    mutating func append(referenceNumbersOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map { $0.item.referenceNumber?.string })
    }

    mutating func append(repeatsSucceedOf items: [DecisionBatch.Entry]) throws(PostgresError) {
        try append(items.map(\.call.repeatsSucceed))
    }
}
