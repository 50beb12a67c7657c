package import Charges

/// Charges, from the database.
package struct PostgresChargeRepository: ChargeRepository {
    let reader: PoolReader

    package func page(_ query: ChargeListQuery) async throws(RequestFailure) -> ChargePage {
        let rows = try await reader.rows(
            .chargeList(query), query, deadline: query.deadline, share: query.operatorIdentifier.value)
        let found = rows.filter(\.isAskedFor)
        let page = found.prefix(query.count)
        var next: ChargePlace?
        if found.count > page.count {
            next = page.last?.charge.place
        } else if let last = rows.last, last.endsWalk {
            next = last.charge.place
        }
        return ChargePage(charges: page.map(\.charge), next: next)
    }

    package func charge(
        named name: ChargeName, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Charge? {
        let rows: [ChargeRow]
        let share = operatorIdentifier.value
        switch name {
        case .number(let text), .referenceNumber(let text):
            guard !text.containsNul else { return nil }
            let key = ChargeKey(operatorIdentifier: operatorIdentifier, name: text)
            if case .number = name {
                rows = try await reader.rows(.chargeByNumber, key, deadline: deadline, share: share)
            } else {
                rows = try await reader.rows(.chargeByReference, key, deadline: deadline, share: share)
            }
        }
        return ChargeRow.charge(rows)
    }
}

extension ListedCharge {
    fileprivate var place: ChargePlace { ChargePlace(receivedOn: receivedOn, number: number) }
}
