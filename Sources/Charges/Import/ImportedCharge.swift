/// One line of an import, with every value checked as far as possible without the database.
package struct ImportedCharge: Equatable, Sendable {
    package var line: Int
    package var operatorCode: String
    package var number: String?
    package var providerChargeIdentifier: String?
    package var terms: ChargeTerms
    package var receivedOn: Timestamp?
    package var status = ChargeStatus.pending
    package var processedOn: Timestamp?
    package var decision: Decision?
    package var decidedOn: Timestamp?
    package var referenceNumber: String?
    package var isAcknowledged = false

    /// - Parameters:
    ///   - line: The line of the file, counted from 1.
    ///   - values: The text of a column. An empty text is the same as none.
    /// - Throws: `ImportFailure` with the line and the first fault.
    package init(line: Int, _ values: @escaping (ImportColumn) -> String?) throws(ImportFailure) {
        let fields = ImportFields(line: line, values)
        self.line = line
        _ = try fields.required(.operatorCode)
        operatorCode = try fields.visibleASCII(.operatorCode, maximumCount: 64) ?? ""
        number = try fields.visibleASCII(.number, maximumCount: 32)
        providerChargeIdentifier = try fields.name(.providerChargeIdentifier, maximumScalars: 128)
        guard number != nil || providerChargeIdentifier != nil else {
            throw ImportFailure(line: line, "number or provider_charge_id must be given")
        }
        terms = try Self.readTerms(fields)
        receivedOn = try fields.date(.receivedOn)
        try readStatus(fields)
        try readDecision(fields)
    }

    private static func readTerms(_ fields: ImportFields) throws(ImportFailure) -> ChargeTerms {
        _ = try fields.required(.customer)
        return ChargeTerms(
            billingSystemCustomerIdentifier: ExactText(
                try fields.name(.customer, maximumScalars: DecisionItem.maximumScalars) ?? ""),
            amount: try fields.money(.amount), currency: try fields.currency(.currency),
            localCurrencyAmount: try fields.money(.localCurrencyAmount),
            localCurrency: try fields.currency(.localCurrency),
            paidThroughDate: try fields.requiredDate(.paidThroughDate))
    }

    /// Reads the status with its date, and the acknowledgement, which needs a final status.
    private mutating func readStatus(_ fields: ImportFields) throws(ImportFailure) {
        status = try fields.choice(.status, ChargeStatus.self) ?? .pending
        for other in ChargeStatus.allCases {
            guard let column = ImportColumn.date(of: other) else { continue }
            let date = try fields.date(column)
            if other == status, date == nil {
                throw fields.failure("\(column.rawValue) must be given for the status \(status.rawValue)")
            }
            if other != status, date != nil {
                throw fields.failure("\(column.rawValue) must be empty for the status \(status.rawValue)")
            }
            if other == status { processedOn = date }
        }
        switch fields[.acknowledged]?.lowercased() {
        case nil, "false": isAcknowledged = false
        case "true" where status == .pending:
            throw fields.failure("acknowledged must not be true for a pending charge")
        case "true": isAcknowledged = true
        default: throw fields.failure("acknowledged must be true or false")
        }
    }

    /// Reads the decision with its date, and the reference number, which needs a decision.
    private mutating func readDecision(_ fields: ImportFields) throws(ImportFailure) {
        decision = try fields.choice(.decision, Decision.self)
        decidedOn = try fields.date(.decidedOn)
        referenceNumber = fields[.referenceNumber]
        guard (decision == nil) == (decidedOn == nil) else {
            throw fields.failure("decision and decided_on must be given together")
        }
        guard let referenceNumber else { return }
        guard decision != nil else { throw fields.failure("reference_number needs a decision") }
        guard ReferenceNumber.isValid(ExactText(referenceNumber)) else {
            throw fields.failure(
                "reference_number must have 1 to 64 characters, not all of them white space, and no control "
                    + "characters")
        }
    }
}

/// The columns of an import: a CSV file's header, or the keys of an NDJSON line.
package enum ImportColumn: String, CaseIterable, Sendable {
    case operatorCode = "operator"
    case number
    case providerChargeIdentifier = "provider_charge_id"
    case customer = "billing_system_customer_identifier"
    case amount
    case currency
    case localCurrencyAmount = "local_currency_amount"
    case localCurrency = "local_currency"
    case paidThroughDate = "paid_through_date"
    case receivedOn = "received_on"
    case status = "charge_status"
    case setAsApprovedOn = "set_as_approved_on"
    case setAsDeclinedOn = "set_as_declined_on"
    case setAsBadRequestOn = "set_as_bad_request_on"
    case setAsRejectedRequestOn = "set_as_rejected_request_on"
    case decision
    case decidedOn = "decided_on"
    case referenceNumber = "reference_number"
    case acknowledged

    /// The columns that every line must fill.
    package static let mandatory: [ImportColumn] = [
        .operatorCode, .customer, .amount, .currency, .localCurrencyAmount, .localCurrency, .paidThroughDate,
    ]

    /// The columns that a line may leave empty.
    package static let optional = allCases.filter { !mandatory.contains($0) }

    /// The column that holds the date of a status.
    static func date(of status: ChargeStatus) -> ImportColumn? {
        switch status {
        case .pending: nil
        case .approved: .setAsApprovedOn
        case .declined: .setAsDeclinedOn
        case .badRequest: .setAsBadRequestOn
        case .rejected: .setAsRejectedRequestOn
        }
    }
}

/// The reason why a file cannot be imported, as one line for a person.
package struct ImportFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line of the file, counted from 1; `nil` for the file as a whole.
    package let line: Int?
    package let reason: String

    package init(line: Int?, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}
