import Charges
import LibPQ

extension ListedCharge {
    /// The columns of a row `charge` that every list and every show reads, in the order of `nextListedCharge`.
    static let columns = """
        charge.number, charge.billing_system_customer_identifier, charge.amount::text, charge.currency,
            charge.local_currency_amount::text, charge.local_currency, charge.paid_through_date,
            charge.charge_status, charge.received_on,
            coalesce(
                charge.set_as_approved_on, charge.set_as_declined_on, charge.set_as_bad_request_on,
                charge.set_as_rejected_request_on),
            charge.decision, charge.decided_on, charge.decision_reference_number
        """
}

extension RowReader {
    /// Reads the columns `ListedCharge.columns`.
    mutating func nextListedCharge() throws(PostgresError) -> ListedCharge {
        ListedCharge(
            number: ExactText(try next(String.self)),
            terms: ChargeTerms(
                billingSystemCustomerIdentifier: ExactText(try next(String.self)), amount: try nextMoney(),
                currency: try next(String.self), localCurrencyAmount: try nextMoney(),
                localCurrency: try next(String.self), paidThroughDate: try nextTimestamp()),
            status: try nextStatus(), receivedOn: try nextTimestamp(),
            processedOn: try nextOptionalTimestamp(),
            decision: try next(String?.self).flatMap(Decision.init(rawValue:)),
            decidedOn: try nextOptionalTimestamp(),
            decisionReferenceNumber: try next(String?.self).map { ExactText($0) })
    }
}
