/// The class of a file's row or of a charge in a comparison. Each falls into exactly one: the first, in this order, that
/// applies. The raw values are those of the API.
package enum ReconciliationClass: String, Sendable, CaseIterable {
    /// A row with a cell that cannot be read.
    case malformed = "MALFORMED"
    /// Several rows pair with one charge: all of them, and the charge.
    case duplicateThere = "DUPLICATE_THERE"
    /// The operator has no such charge.
    case onlyThere = "ONLY_THERE"
    /// The row's reference is not one of the charge's, or names another charge.
    case referenceDiffers = "REFERENCE_DIFFERS"
    case customerDiffers = "CUSTOMER_DIFFERS"
    case currencyDiffers = "CURRENCY_DIFFERS"
    /// Either of the two amounts differs.
    case amountDiffers = "AMOUNT_DIFFERS"
    /// The charge is undecided here, or decided otherwise.
    case decisionDiffers = "DECISION_DIFFERS"
    /// The charge was decided outside the period.
    case otherPeriod = "OTHER_PERIOD"
    case statusDiffers = "STATUS_DIFFERS"
    case matched = "MATCHED"
    /// A charge that no row pairs with.
    case onlyHere = "ONLY_HERE"
}

/// The number and the sums of the rows of one class, side and pair of currencies.
package struct ReconciliationTotal: Equatable, Sendable {
    /// The side of a total: the operator's file, or the service. The raw values are those of the API.
    package enum Side: String, Sendable, CaseIterable {
        case there = "THERE"
        case here = "HERE"
    }

    package var reconciliationClass: ReconciliationClass
    package var side: Side
    /// The currency of the amounts; empty where neither the row nor its charge has one.
    package var currency: String
    package var localCurrency: String
    package var rows: Int64
    /// The exact sum, in digits; `nil` if no row has an amount.
    package var amount: String?
    package var localCurrencyAmount: String?
    /// The sum, in digits and perhaps with a minus, of the rows' amounts less their charges', over all paired rows of
    /// equal currency. Only the side `there` has it.
    package var amountDifference: String?
    package var localCurrencyAmountDifference: String?

    package init(
        reconciliationClass: ReconciliationClass, side: Side, currency: String, localCurrency: String,
        rows: Int64,
        amount: String?, localCurrencyAmount: String?, amountDifference: String?,
        localCurrencyAmountDifference: String?
    ) {
        self.reconciliationClass = reconciliationClass
        self.side = side
        self.currency = currency
        self.localCurrency = localCurrency
        self.rows = rows
        self.amount = amount
        self.localCurrencyAmount = localCurrencyAmount
        self.amountDifference = amountDifference
        self.localCurrencyAmountDifference = localCurrencyAmountDifference
    }
}

/// A difference that a comparison found, with the values of both sides.
package struct ReconciliationDifference: Sendable {
    /// The difference's number, from 1, among those of its reconciliation.
    package var identifier: Int64
    package var reconciliationClass: ReconciliationClass
    /// The row's line in the file, counted from 1; `nil` for a charge that no row pairs with.
    package var line: Int64?
    /// What is wrong with a malformed row.
    package var reason: String?
    /// The names of the columns in which the two sides differ.
    package var fields: [String]
    /// The other charge that the row's reference names.
    package var otherNumber: ExactText?
    /// The row's values; `nil` for a charge that no row pairs with.
    package var there: ReconciledValues?
    /// The charge's values at the end of the upload; `nil` if the operator has no such charge.
    package var here: ReconciledValues?
    /// When the charge's decision was made.
    package var decidedOn: Timestamp?
    /// Whether the charge was imported.
    package var isImported: Bool
    package var closing: ReconciliationClosing?

    package init(
        identifier: Int64, reconciliationClass: ReconciliationClass, line: Int64?, reason: String?,
        fields: [String],
        otherNumber: ExactText?, there: ReconciledValues?, here: ReconciledValues?, decidedOn: Timestamp?,
        isImported: Bool, closing: ReconciliationClosing?
    ) {
        self.identifier = identifier
        self.reconciliationClass = reconciliationClass
        self.line = line
        self.reason = reason
        self.fields = fields
        self.otherNumber = otherNumber
        self.there = there
        self.here = here
        self.decidedOn = decidedOn
        self.isImported = isImported
        self.closing = closing
    }
}

/// One side's values of a difference; `nil` for what that side does not have.
package struct ReconciledValues: Equatable, Sendable {
    package var number: String?
    package var referenceNumber: String?
    package var customer: String?
    package var amount: String?
    package var currency: String?
    package var localCurrencyAmount: String?
    package var localCurrency: String?
    package var decision: String?
    package var chargeStatus: String?

    package init(
        number: String?, referenceNumber: String?, customer: String?, amount: String?, currency: String?,
        localCurrencyAmount: String?, localCurrency: String?, decision: String?, chargeStatus: String?
    ) {
        self.number = number
        self.referenceNumber = referenceNumber
        self.customer = customer
        self.amount = amount
        self.currency = currency
        self.localCurrencyAmount = localCurrencyAmount
        self.localCurrency = localCurrency
        self.decision = decision
        self.chargeStatus = chargeStatus
    }

    /// The value of a column.
    package subscript(_ column: ReconciliationColumn) -> String? {
        switch column {
        case .number: number
        case .referenceNumber: referenceNumber
        case .customer: customer
        case .amount: amount
        case .currency: currency
        case .localCurrencyAmount: localCurrencyAmount
        case .localCurrency: localCurrency
        case .decision: decision
        case .chargeStatus: chargeStatus
        }
    }
}

/// The closing of a difference, which is permanent.
package struct ReconciliationClosing: Equatable, Sendable {
    /// The difference's number.
    package var difference: Int64
    package var reason: String
    /// The user, or `key:NAME`, that closed it; `nil` for the command line.
    package var username: String?
    package var closedOn: Timestamp

    /// The maximum length of a reason, in Unicode scalars.
    package static let maximumReasonScalars = 500
    /// The most differences that one call closes.
    package static let maximumCount = 50

    package init(difference: Int64, reason: String, username: String?, closedOn: Timestamp) {
        self.difference = difference
        self.reason = reason
        self.username = username
        self.closedOn = closedOn
    }
}
