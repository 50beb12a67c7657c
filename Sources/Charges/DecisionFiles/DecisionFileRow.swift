/// A row of a stored decision file, with what the dry run said and what became of it.
package struct DecisionFileRow: Equatable, Sendable {
    /// The row's place among those of its file, from 1.
    package var position: Int
    /// The row's line in the file, counted from 1.
    package var line: Int
    package var number: String?
    /// The customer, if the file has the column.
    package var customer: String?
    package var referenceNumber: String?
    /// What is wrong with the row, for a person. No call has such a row.
    package var fault: String?
    /// What the dry run said; `nil` before it, and for a row with a fault.
    package var expected: Result?
    /// The outcome; `nil` before it, and for a row with a fault.
    package var result: Result?
    /// When the decision or acknowledgement was made.
    package var decidedOn: Timestamp?
    /// The decision's number among those of its charge.
    package var revision: Int?

    /// The result of a row, in a dry run or in a call.
    package enum Result: Equatable, Sendable {
        /// The decision or acknowledgement is durable, or would be.
        case succeeded
        case failed(ItemFailureCode, description: String)
    }

    package init(
        position: Int, line: Int, number: String?, customer: String?, referenceNumber: String?,
        fault: String?,
        expected: Result?, result: Result?, decidedOn: Timestamp?, revision: Int?
    ) {
        self.position = position
        self.line = line
        self.number = number
        self.customer = customer
        self.referenceNumber = referenceNumber
        self.fault = fault
        self.expected = expected
        self.result = result
        self.decidedOn = decidedOn
        self.revision = revision
    }
}

/// The rows that a list of a file's rows has.
package enum DecisionFileRowFilter: String, Sendable, CaseIterable {
    case all
    /// The rows with a fault, and those that failed; before their outcome, those that would fail by the dry run.
    case failed
}

/// The rows of a file that succeed, or would, in one currency.
package struct DecisionFileSum: Equatable, Sendable {
    package let localCurrency: String
    package let charges: Int
    /// The sum of the local amounts, in digits.
    package let localCurrencyAmount: String
    /// The charges that are decided otherwise now.
    package let changes: Int
    /// The rows without a reference number.
    package let withoutReference: Int

    package init(
        localCurrency: String, charges: Int, localCurrencyAmount: String, changes: Int, withoutReference: Int
    ) {
        self.localCurrency = localCurrency
        self.charges = charges
        self.localCurrencyAmount = localCurrencyAmount
        self.changes = changes
        self.withoutReference = withoutReference
    }
}

/// The numbers of a file's rows by what became of them. All rows are `faults`, plus those of `expected`, and as well
/// `faults`, plus those of `results`.
package struct DecisionFileCounts: Equatable, Sendable {
    /// The rows with a fault.
    package var faults = 0
    /// What the dry run said of the others.
    package var expected = Results()
    /// What became of the others.
    package var results = Results()

    /// Some rows by their result.
    package struct Results: Equatable, Sendable {
        package var succeeded = 0
        package var failed: [ItemFailureCode: Int] = [:]
        /// The rows without a result.
        package var open = 0

        package init() {}

        /// Counts rows. A code of `nil` with `isKnown` is a success.
        package mutating func add(_ rows: Int, isKnown: Bool, code: ItemFailureCode?) {
            if let code {
                failed[code, default: 0] += rows
            } else if isKnown {
                succeeded += rows
            } else {
                open += rows
            }
        }

        /// The number of all rows.
        package var rows: Int { succeeded + open + failed.values.reduce(0, +) }
    }

    package init() {}

    /// The number of the file's rows.
    package var rows: Int { faults + results.rows }
}
