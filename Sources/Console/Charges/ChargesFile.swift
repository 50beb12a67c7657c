import Charges
import DelimitedText
import HTTPFront

/// What a search finds, as a CSV file for spreadsheets. With references filled in it can be uploaded as a decision file.
struct ChargesFile: Sendable {
    let search: any ChargeSearchRepository

    static let path = "/charges/download"
    /// The most charges of a file: as many as a decision file may have.
    static let maximumCharges = DecisionFile.maximumRows

    private static let columns = [
        "number", "billing_system_customer_identifier", "amount", "currency", "local_currency_amount",
        "local_currency", "paid_through_date", "received_on", "charge_status", "decision",
        "decided_on", "reference_number",
    ]

    /// - Throws: `invalidParameter` for a wrong filter, and what the search throws. A file that is not whole is not sent.
    func download(_ visit: Visit) async throws(RequestFailure) -> SiteResponse {
        let form = try ChargeSearchForm(visit.query)
        if let fault = form.faults.first {
            throw RequestFailure(.invalidParameter, "\(Format.title(fault.key)) \(fault.value).")
        }
        var writer = CSVWriter(forSpreadsheets: true)
        for column in Self.columns { writer.write(column) }
        writer.endRecord()
        var place: ChargePlace?
        var count = 0
        repeat {
            let page = try await search.page(
                ChargeSearch(
                    operatorIdentifier: visit.operatorIdentifier, filter: form.filter, order: form.order,
                    after: place, count: min(ChargeSearch.maximumCount, Self.maximumCharges - count),
                    deadline: visit.deadline))
            for charge in page.charges { write(charge.listed, to: &writer) }
            count += page.charges.count
            place = page.next
        } while place != nil && count < Self.maximumCharges
        return SiteResponse(file: writer.bytes, type: "text/csv; charset=utf-8", named: "charges.csv")
    }

    private func write(_ charge: ListedCharge, to writer: inout CSVWriter) {
        let terms = charge.terms
        writer.write(charge.number.string)
        writer.write(terms.billingSystemCustomerIdentifier.string)
        writer.write(terms.amount.digits, isText: false)
        writer.write(terms.currency)
        writer.write(terms.localCurrencyAmount.digits, isText: false)
        writer.write(terms.localCurrency)
        writer.write(terms.paidThroughDate.text, isText: false)
        writer.write(charge.receivedOn.text, isText: false)
        writer.write(charge.status.rawValue)
        writer.write(charge.decision?.rawValue ?? "")
        writer.write(charge.decidedOn?.text ?? "", isText: false)
        writer.write(charge.decisionReferenceNumber?.string ?? "")
        writer.endRecord()
    }
}
