import Charges

/// A repository whose overview is always the same.
struct FakeOverview: OverviewRepository {
    func overview(of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> Overview
    {
        Overview(
            undecided: UndecidedCharges(
                byAge: [.exactly(3), .exactly(0), .moreThanLimit, .atLeast(7)], byDeadline: nil,
                oldestReceivedOn: TestServerFixture.now),
            processed: [ProcessedCount(status: .approved, count: .exactly(1234))],
            failedItems: [FailedItems(code: "CHARGE_NOT_FOUND", lastDay: 1, lastWeek: 2)],
            decisions: (0..<Overview.decisionDayCount).map { day in
                DecisionDay(
                    day: TestServerFixture.now.advanced(by: .seconds(86400 * day)),
                    accepted: .exactly(10 * day),
                    declined: .exactly(day))
            })
    }
}

/// A search that finds the charges of a list, whatever is searched for.
struct FakeChargeSearch: ChargeSearchRepository {
    let charges: FakeCharges

    func page(_ search: ChargeSearch) async throws(RequestFailure) -> ChargeSearchPage {
        let found = try await charges.page(
            ChargeListQuery(
                operatorIdentifier: search.operatorIdentifier, filter: ChargeListFilter(isProcessed: false),
                start: .after(nil), count: search.count, deadline: search.deadline))
        return ChargeSearchPage(
            charges: found.charges.map {
                ChargeRecord(
                    listed: $0, providerChargeIdentifier: nil, takenOn: nil, acknowledgedOn: nil)
            }, next: nil, endsEarly: false)
    }
}
