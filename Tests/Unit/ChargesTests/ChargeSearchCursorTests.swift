import Charges
import Testing

/// Tests of the cursors of searches.
@Suite struct ChargeSearchCursorTests {
    private let place = ChargePlace(receivedOn: Timestamp(microsecondsSince2000: 5), number: "N1")

    /// Filters that differ in one thing, some of them only in where it is.
    private static let filters: [ChargeSearchFilter] = {
        let changes: [(inout ChargeSearchFilter) -> Void] = [
            { _ in }, { $0.status = .processed }, { $0.status = .status(.declined) },
            { $0.isAcknowledged = true }, { $0.isAcknowledged = false }, { $0.decision = .undecided },
            { $0.decision = .decided(.declined) }, { $0.customer = "x" }, { $0.number = "x" },
            { $0.referenceNumber = "x" }, { $0.customer = "x 1 x" },
            {
                $0.customer = "x"
                $0.number = "x"
            },
            { $0.receivedFrom = Timestamp(microsecondsSince2000: 1) },
            { $0.receivedBefore = Timestamp(microsecondsSince2000: 1) },
        ]
        return changes.map { change in
            var filter = ChargeSearchFilter()
            change(&filter)
            return filter
        }
    }()

    @Test("A cursor is taken by the search that it came from, of the same operator, and by no other")
    func aCursorIsOfItsSearch() {
        let searches = ["ACME", "ACM", "E"].flatMap { code in
            ChargeSearchOrder.allCases.flatMap { order in Self.filters.map { (code, order, $0) } }
        }
        for (made, search) in searches.enumerated() {
            let text = ChargeSearchCursor(
                place, operatorCode: search.0, filter: search.2, order: search.1
            ).text
            for (read, other) in searches.enumerated() {
                let found = ChargeSearchCursor.place(
                    in: text, operatorCode: other.0, filter: other.2, order: other.1)
                #expect(found == (read == made ? place : nil), "\(search) \(other)")
            }
        }
    }

    @Test("A text that is no cursor is refused, also a list's")
    func noCursor() {
        let list = ChargeCursor(place, operatorCode: "ACME", filter: ChargeListFilter(isProcessed: false))
        let cursor = ChargeSearchCursor(
            place, operatorCode: "ACME", filter: ChargeSearchFilter(), order: .newestFirst
        ).text
        let texts = [
            "", "x", list.text, cursor + "0", cursor + "00", String(cursor.dropLast(2)), cursor.uppercased(),
        ]
        for text in texts where text != cursor {
            #expect(
                ChargeSearchCursor.place(
                    in: text, operatorCode: "ACME", filter: ChargeSearchFilter(), order: .newestFirst)
                    == nil, "\(text)")
        }
    }
}
