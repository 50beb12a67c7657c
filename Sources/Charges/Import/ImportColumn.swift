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
    case acknowledgedOn = "acknowledged_on"

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
