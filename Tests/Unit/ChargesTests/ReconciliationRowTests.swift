import Charges
import Testing

/// Tests of the cells of an operator's file.
@Suite struct ReconciliationRowTests {
    private func row(_ cells: [ReconciliationColumn: String]) -> ReconciliationRow {
        ReconciliationRow(line: 2) { cells[$0] }
    }

    private static let good: [ReconciliationColumn: String] = [
        .number: "N1", .referenceNumber: "R1", .customer: "c1", .amount: "9.90", .currency: "USD",
        .localCurrencyAmount: "9", .localCurrency: "EUR", .decision: "ACCEPTED", .chargeStatus: "PENDING",
    ]

    @Test("A row with good cells has no fault, and keeps their texts")
    func goodCells() {
        let row = row(Self.good)
        #expect(row.fault == nil && row.chargeNumber == "N1")
        #expect(row.values == ["N1", "R1", "c1", "9.90", "USD", "9", "EUR", "ACCEPTED", "PENDING"])
    }

    @Test(
        "An amount that is not plain digits makes the row malformed",
        arguments: [
            "NaN", "1e3", "٣", "1,000.00", "-0", "-1", "12345678901234567890", " 9.90", "9.", "9.90000", "09",
            "",
        ])
    func badAmounts(_ text: String) {
        for column in [ReconciliationColumn.amount, .localCurrencyAmount] {
            let row = row(Self.good.merging([column: text]) { $1 })
            #expect(row.fault?.hasPrefix(column.rawValue) == true, "\(text)")
            #expect(row.values[ReconciliationColumn.allCases.firstIndex(of: column)!] == nil)
            #expect(row.chargeNumber == "N1", "The row still names its charge.")
        }
    }

    @Test(
        "A cell that cannot be one makes the row malformed",
        arguments: [
            (ReconciliationColumn.number, "I 1"), (.number, "é"),
            (.number, String(repeating: "1", count: 33)),
            (.number, "I\u{0}1"), (.referenceNumber, " "), (.referenceNumber, "a\nb"),
            (.referenceNumber, String(repeating: "r", count: 65)),
            (.customer, String(repeating: "c", count: 65)),
            (.customer, ""), (.currency, "usd"), (.currency, ""), (.localCurrency, "EURO"),
            (.decision, "accepted"),
            (.decision, ""), (.chargeStatus, "DONE"),
        ])
    func badCells(_ column: ReconciliationColumn, _ text: String) {
        let row = row(Self.good.merging([column: text]) { $1 })
        #expect(row.fault?.hasPrefix(column.rawValue) == true)
        #expect((row.chargeNumber == nil) == (column == .number))
    }

    @Test("A row needs one of its two names, and may lack every other column")
    func namesAreNeeded() {
        #expect(row([.number: "N1"]).fault == nil)
        #expect(row([.number: "", .referenceNumber: "R1"]).fault == nil)
        #expect(row([.number: "", .amount: "1"]).fault == "number or reference_number must be given")
        #expect(row([:]).fault == "number or reference_number must be given")
    }
}
