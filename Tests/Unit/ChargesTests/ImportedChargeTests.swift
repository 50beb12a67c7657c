import Charges
import Testing

/// Tests of the charge that a valid line of an import gives.
@Suite struct ImportedChargeTests {
    @Test("A line with only mandatory columns is a pending charge")
    func aLineWithItsMandatoryColumnsIsAPendingCharge() throws {
        let charge = try ImportLineFixture.charge()
        #expect(charge.line == 7)
        #expect(charge.operatorCode == "ACME")
        #expect(charge.number == "I00002706")
        #expect(charge.providerChargeIdentifier == nil)
        #expect(charge.terms.billingSystemCustomerIdentifier == "pci155")
        #expect(charge.terms.amount.digits == "9.90")
        #expect(charge.terms.currency == "USD")
        #expect(charge.terms.localCurrencyAmount.digits == "9.1000")
        #expect(charge.terms.localCurrency == "EUR")
        #expect(charge.terms.paidThroughDate.text == "2026-12-01T00:00:00")
        #expect(charge.receivedOn == nil)
        #expect(charge.status == .pending)
        #expect(charge.processedOn == nil)
        #expect(charge.decision == nil)
        #expect(charge.decidedOn == nil)
        #expect(charge.referenceNumber == nil)
        #expect(!charge.isAcknowledged)
    }

    @Test("The columns are those of the contract")
    func theMandatoryColumnsAreTheContracts() {
        #expect(
            Set(ImportColumn.mandatory.map(\.rawValue)) == [
                "operator", "billing_system_customer_identifier", "amount", "currency",
                "local_currency_amount", "local_currency", "paid_through_date",
            ])
        #expect(
            Set(ImportColumn.optional.map(\.rawValue))
                == [
                    "number", "provider_charge_id", "received_on", "charge_status", "set_as_approved_on",
                    "set_as_declined_on", "set_as_bad_request_on", "set_as_rejected_request_on", "decision",
                    "decided_on", "reference_number", "acknowledged", "acknowledged_on",
                ])
    }

    @Test("Every optional column is read")
    func everyOptionalColumnIsRead() throws {
        let charge = try ImportLineFixture.charge([
            .providerChargeIdentifier: "nflx-1", .receivedOn: "2026-10-01T08:00:00", .status: "APPROVED",
            .setAsApprovedOn: "2026-10-03", .decision: "ACCEPTED", .decidedOn: "2026-10-02",
            .referenceNumber: "INV-1", .acknowledged: "true", .acknowledgedOn: "2026-10-04",
        ])
        #expect(charge.number == "I00002706")
        #expect(charge.providerChargeIdentifier == "nflx-1")
        #expect(charge.receivedOn?.text == "2026-10-01T08:00:00")
        #expect(charge.status == .approved)
        #expect(charge.processedOn?.text == "2026-10-03T00:00:00")
        #expect(charge.decision == .accepted)
        #expect(charge.decidedOn?.text == "2026-10-02T00:00:00")
        #expect(charge.referenceNumber == "INV-1")
        #expect(charge.isAcknowledged)
        #expect(charge.acknowledgedOn?.text == "2026-10-04T00:00:00")
    }

    @Test("An empty optional column equals a missing one", arguments: ImportColumn.optional)
    func anEmptyOptionalColumnIsTheSameAsNone(column: ImportColumn) throws {
        let changes: [ImportColumn: String?] = [.providerChargeIdentifier: "nflx-1", .number: "I1"]
        let without = try ImportLineFixture.charge(changes.merging([column: nil]) { $1 })
        let empty = try ImportLineFixture.charge(changes.merging([column: ""]) { $1 })
        #expect(without == empty)
    }

    @Test("A charge is named by its number, its provider's identifier or both")
    func aNumberOrAnIdentifierOrBothNameACharge() throws {
        #expect(try ImportLineFixture.charge([.number: nil, .providerChargeIdentifier: "p"]).number == nil)
        #expect(try ImportLineFixture.charge([.number: "I1"]).providerChargeIdentifier == nil)
        #expect(try ImportLineFixture.charge([.number: "I1", .providerChargeIdentifier: "p"]).number == "I1")
        #expect(
            ImportLineFixture.failure([.number: nil])?.description
                == "line 7: number or provider_charge_id must be given")
    }

    @Test(
        "A final status requires its date",
        arguments: [
            ("PENDING", nil, nil),
            ("APPROVED", .setAsApprovedOn, .approved),
            ("DECLINED", .setAsDeclinedOn, .declined),
            ("BAD_REQUEST", .setAsBadRequestOn, .badRequest),
            ("REJECTED", .setAsRejectedRequestOn, .rejected),
        ] as [(String, ImportColumn?, ChargeStatus?)])
    func aStatusComesWithItsDate(status: String, column: ImportColumn?, expected: ChargeStatus?) throws {
        var changes: [ImportColumn: String?] = [.status: status]
        if let decision = ["APPROVED": "ACCEPTED", "DECLINED": "DECLINED"][status] {
            changes.merge([.decision: decision, .decidedOn: "2026-10-02"]) { $1 }
        }
        if let column {
            #expect(
                ImportLineFixture.failure(changes)?.reason
                    == "\(column.rawValue) must be given for the status \(status)")
            changes[column] = "2026-10-03T01:02:03"
        }
        let charge = try ImportLineFixture.charge(changes)
        #expect(charge.status == expected ?? .pending)
        #expect(charge.processedOn?.text == (column == nil ? nil : "2026-10-03T01:02:03"))
    }

    @Test("A decision may have a reference number", arguments: ["ACCEPTED", "DECLINED"])
    func aDecisionMayHaveAReference(decision: String) throws {
        let changes: [ImportColumn: String?] = [.decision: decision, .decidedOn: "2026-10-02"]
        #expect(try ImportLineFixture.charge(changes).decision?.rawValue == decision)
        #expect(try ImportLineFixture.charge(changes).referenceNumber == nil)
        let longest = String(repeating: "é", count: 64)
        let named = try ImportLineFixture.charge(changes.merging([.referenceNumber: longest]) { $1 })
        #expect(named.referenceNumber == longest)
    }

    @Test(
        "An acknowledgement is true or false",
        arguments: [
            ("true", true), ("TRUE", true), ("True", true), ("false", false), ("False", false), ("", false),
        ])
    func anAcknowledgementIsTrueOrFalse(text: String, expected: Bool) throws {
        let charge = try ImportLineFixture.charge([
            .status: "REJECTED", .setAsRejectedRequestOn: "2026-10-03", .acknowledged: text,
        ])
        #expect(charge.isAcknowledged == expected)
    }
}
