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
        let isNamed = filter.number != nil || filter.referenceNumber != nil
        var search = search
        if isNamed { search.order = .oldestFirst }
        let rows = try await reader.operatorRows(
            isNamed ? .chargeSearchByName : .chargeSearch(scope, search.order), search,
            deadline: search.deadline, share: .operator(search.operatorIdentifier.value))
        return Self.page(rows, count: search.count)
    }

    private static func page(_ rows: [ChargeSearchRow], count: Int) -> ChargeSearchPage {
        let charges = rows.filter(\.isAskedFor).map(\.charge)
        // The charge beyond those asked for says that there is a next page.
        guard charges.count <= count else {
            let page = Array(charges.prefix(count))
            return ChargeSearchPage(charges: page, next: page.last?.place, endsEarly: false)
        }
        let last = rows.last.flatMap { $0.endsWalk ? $0.charge.place : nil }
        return ChargeSearchPage(charges: charges, next: last, endsEarly: last != nil && charges.count < count)
    }
}

extension ChargeRecord {
    fileprivate var place: ChargePlace { ChargePlace(receivedOn: listed.receivedOn, number: listed.number) }
}
