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

extension ChargeRecord {
    /// The columns of a row `charge` that show and the command line read, in the order of `nextChargeRecord`.
    static let columns =
        ListedCharge.columns
        + ", charge.provider_charge_id, charge.imported_on, charge.taken_on, charge.acknowledged_on"
}

extension RowReader {
    /// Reads the columns `ListedCharge.columns`.
    mutating func nextListedCharge() throws(PostgresError) -> ListedCharge {
        ListedCharge(
            number: try next(),
            terms: ChargeTerms(
                billingSystemCustomerIdentifier: try next(), amount: try next(), currency: try next(),
                localCurrencyAmount: try next(), localCurrency: try next(), paidThroughDate: try next()),
            status: try next(), receivedOn: try next(), processedOn: try next(),
            decision: try next(String?.self).flatMap(Decision.init(rawValue:)), decidedOn: try next(),
            decisionReferenceNumber: try next())
    }
    /// Reads the columns `ChargeRecord.columns`.
    mutating func nextChargeRecord() throws(PostgresError) -> ChargeRecord {
        ChargeRecord(
            listed: try nextListedCharge(), providerChargeIdentifier: try next(), importedOn: try next(),
            takenOn: try next(), acknowledgedOn: try next())
    }
}
