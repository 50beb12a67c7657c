package import Charges
import LibPQ
import Scheduling

/// The searches of charges on PostgreSQL.
package struct PostgresChargeSearchRepository: ChargeSearchRepository {
    let reader: QueryRunner

    package func page(_ search: ChargeSearch) async throws(RequestFailure) -> ChargeSearchPage {
        let filter = search.filter
        let texts = [filter.customer, filter.number, filter.referenceNumber].compactMap(\.self)
        guard let scope = ChargeSearchScope(filter), texts.allSatisfy(DecisionItem.isWellFormed) else {
            return ChargeSearchPage(charges: [], next: nil, endsEarly: false)
        }
        var search = search
        let statement: Statement<ChargeSearch, ChargeSearchRow>
        if filter.number != nil || filter.referenceNumber != nil {
            // At most one charge, so that the order does not matter.
            search.order = .oldestFirst
            statement = filter.number != nil ? .chargeSearchByNumber : .chargeSearchByReference
        } else {
            statement = .chargeSearch(scope, search.order)
        }
        let rows = try await reader.operatorRows(
            statement, search, deadline: search.deadline, share: .operator(search.operatorIdentifier.value))
        return Self.page(rows, count: search.count)
    }

    private static func page(_ rows: [ChargeSearchRow], count: Int) -> ChargeSearchPage {
        var charges: [ChargeRecord] = []
        for row in rows {
            if row.isAskedFor {
                // The charge beyond those asked for says that there is a next page.
                guard charges.count < count else {
                    return ChargeSearchPage(charges: charges, next: charges.last?.place, endsEarly: false)
                }
                charges.append(row.charge)
            }
            // The walk may have left out a charge from here on.
            if row.endsWalk {
                return ChargeSearchPage(
                    charges: charges, next: row.charge.place, endsEarly: charges.count < count)
            }
        }
        return ChargeSearchPage(charges: charges, next: nil, endsEarly: false)
    }
}

extension ChargeRecord {
    fileprivate var place: ChargePlace { ChargePlace(receivedOn: listed.receivedOn, number: listed.number) }
}
