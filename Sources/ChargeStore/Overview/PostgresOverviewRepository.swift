package import Charges
import LibPQ
import Scheduling

/// The overview of one operator's charges on PostgreSQL.
package struct PostgresOverviewRepository: OverviewRepository {
    let reader: QueryRunner

    package func overview(
        of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Overview {
        let input = OverviewInput(operatorIdentifier: operatorIdentifier)
        let ages = try await read(.undecidedByAge, input, deadline)
        let deadlines = try await read(.undecidedByDeadline, input, deadline).first
        return Overview(
            undecided: UndecidedCharges(
                byAge: Self.counts(ages),
                byDeadline: deadlines.flatMap { $0.policyDecides ? $0.counts : nil },
                oldestReceivedOn: ages.compactMap(\.oldestReceivedOn).min()),
            processed: Self.counts(try await read(.processedCounts, input, deadline)),
            failedItems: try await read(.failedItemsByCode, input, deadline),
            decisions: try await read(.decisionDays, input, deadline))
    }

    private func read<Row: Sendable>(
        _ statement: Statement<OverviewInput, Row>, _ input: OverviewInput,
        _ deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> [Row] {
        try await reader.operatorRows(
            statement, input, deadline: deadline, share: .operator(input.operatorIdentifier.value))
    }

    /// The count of each final status. One without a row has no charge.
    private static func counts(_ rows: [ProcessedCount]) -> [ProcessedCount] {
        ChargeStatusFilter.processed.statuses.map { status in
            rows.first { $0.status == status } ?? ProcessedCount(status: status, count: .exactly(0))
        }
    }

    /// The count of each age. An age without a row has no charge.
    private static func counts(_ rows: [UndecidedAgeRow]) -> [BoundedCount] {
        UndecidedAge.allCases.map { age in rows.first { $0.age == age }?.count ?? .exactly(0) }
    }
}

/// The input of an overview's statements.
struct OverviewInput: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
}
