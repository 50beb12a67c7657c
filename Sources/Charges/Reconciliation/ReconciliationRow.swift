/// The columns of an operator's file: a CSV file's header, or the keys of an NDJSON line. Any other is ignored.
package enum ReconciliationColumn: String, CaseIterable, Sendable {
    case number
    case referenceNumber = "reference_number"
    case customer = "billing_system_customer_identifier"
    case amount
    case currency
    case localCurrencyAmount = "local_currency_amount"
    case localCurrency = "local_currency"
    case decision
    case chargeStatus = "charge_status"

    /// Whether the column has amounts.
    package var isMoney: Bool { self == .amount || self == .localCurrencyAmount }
}

/// One row of an operator's file, with every cell read. A cell that cannot be read makes the row malformed; the others of
/// the row are kept.
package struct ReconciliationRow: Equatable, Sendable {
    /// The row's line in the file, counted from 1.
    package let line: Int
    /// The number of the charge that the row names; `nil` if it has none, or none that can be one.
    package private(set) var chargeNumber: String?
    /// The values, in the order of `ReconciliationColumn.allCases`: `nil` for what the row does not have, and for an
    /// amount that cannot be read.
    package private(set) var values: [String?]
    /// What is wrong with the row, as a sentence without its full stop; `nil` if nothing is.
    package private(set) var fault: String?

    /// - Parameters:
    ///   - fault: What is known to be wrong with the row already.
    ///   - cell: The text of a column; `nil` for a column that the file, or the row, does not have.
    package init(line: Int, fault: String? = nil, _ cell: (ReconciliationColumn) -> String?) {
        self.line = line
        self.fault = fault
        values = []
        values.reserveCapacity(ReconciliationColumn.allCases.count)
        for column in ReconciliationColumn.allCases {
            values.append(read(column, cell(column)))
        }
        if values[0] == nil, values[1] == nil { refuse("number or reference_number must be given") }
    }

    /// The value to keep of a cell.
    private mutating func read(_ column: ReconciliationColumn, _ text: String?) -> String? {
        guard let text else { return nil }
        guard !text.isEmpty else {
            // A row may lack one of its two names.
            if column != .number, column != .referenceNumber { refuse("\(column.rawValue) is empty") }
            return nil
        }
        guard !text.utf8.contains(0) else {
            refuse("\(column.rawValue) has a NUL character")
            // It cannot be stored, but the row has one.
            return column == .number ? "\u{FFFD}" : nil
        }
        guard Self.isValid(column, text) else {
            refuse("\(column.rawValue) must be \(Self.rule(column)), not '\(text.prefix(64))'")
            return column.isMoney ? nil : text
        }
        if column == .number { chargeNumber = text }
        return text
    }

    private mutating func refuse(_ reason: String) {
        if fault == nil { fault = reason }
    }

    private static func isValid(_ column: ReconciliationColumn, _ text: String) -> Bool {
        switch column {
        case .number: text.utf8.count <= 32 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        case .referenceNumber: ReferenceNumber.isValid(ExactText(text))
        case .customer: ExactText(text).hasScalars(upTo: DecisionItem.maximumScalars)
        case .amount, .localCurrencyAmount: Money(text) != nil
        case .currency, .localCurrency: CurrencyCode.isValid(text)
        case .decision: Decision(rawValue: text) != nil
        case .chargeStatus: ChargeStatus(rawValue: text) != nil
        }
    }

    /// What a cell must be, for a person.
    private static func rule(_ column: ReconciliationColumn) -> String {
        switch column {
        case .number: "1 to 32 visible ASCII characters"
        case .referenceNumber:
            "1 to \(ReferenceNumber.maximumScalars) characters, not all of them white space"
        case .customer: "1 to \(DecisionItem.maximumScalars) characters"
        case .amount, .localCurrencyAmount: "an amount such as 9.90, with at most 4 decimals"
        case .currency, .localCurrency: "three capital letters, such as EUR"
        case .decision: Decision.allCases.map(\.rawValue).joined(separator: " or ")
        case .chargeStatus: "one of " + ChargeStatus.allCases.map(\.rawValue).joined(separator: ", ")
        }
    }
}
