import Charges

/// A line of an import that is right, and what becomes of it once some of its columns are changed.
enum ImportLineFixture {
    static let columns: [ImportColumn: String] = [
        .operatorCode: "ACME", .number: "I00002706", .customer: "pci155", .amount: "9.90", .currency: "USD",
        .localCurrencyAmount: "9.1000", .localCurrency: "EUR", .paidThroughDate: "2026-12-01",
    ]

    /// The column that holds the date of each status, but for the pending one, which has none.
    static let dates: [ChargeStatus: ImportColumn] = [
        .approved: .setAsApprovedOn, .declined: .setAsDeclinedOn, .badRequest: .setAsBadRequestOn,
        .rejected: .setAsRejectedRequestOn,
    ]

    /// - Parameter changes: Other values of some columns; `nil` for a column that is not there.
    static func charge(_ changes: [ImportColumn: String?] = [:]) throws(ImportFailure) -> ImportedCharge {
        var columns = columns
        for (column, value) in changes { columns[column] = value }
        return try ImportedCharge(line: 7) { [columns] in columns[$0] }
    }

    /// Why such a line is refused; `nil` if it is not.
    static func failure(_ changes: [ImportColumn: String?]) -> ImportFailure? {
        do {
            _ = try charge(changes)
            return nil
        } catch {
            return error
        }
    }
}
