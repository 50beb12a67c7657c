package import Charges

/// Charges, from the database.
package struct PostgresChargeRepository: ChargeRepository {
    let reader: PoolReader

    package func page(_ query: ChargeListQuery) async throws(RequestFailure) -> ChargePage {
        let rows = try await reader.replicatedRows(
            .chargeList(query), query, deadline: query.deadline, share: query.operatorIdentifier.value)
        var page: [ListedCharge] = []
        page.reserveCapacity(rows.count)
        for row in rows where row.isAskedFor {
            // One more than was asked for tells that there is a next page.
            guard page.count < query.count else { return ChargePage(charges: page, next: page.last?.place) }
            page.append(row.charge)
        }
        let last = rows.last.flatMap { $0.endsWalk ? $0.charge.place : nil }
        return ChargePage(charges: page, next: last)
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
                rows = try await reader.replicatedRows(.chargeByNumber, key, deadline: deadline, share: share)
            } else {
                rows = try await reader.replicatedRows(
                    .chargeByReference, key, deadline: deadline, share: share)
            }
        }
        return ChargeRow.charge(rows)
    }
}

extension ListedCharge {
    fileprivate var place: ChargePlace { ChargePlace(receivedOn: receivedOn, number: number) }
}
