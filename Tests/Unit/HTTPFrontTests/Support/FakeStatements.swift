import Authentication
import Charges
import Synchronization

@testable import HTTPFront

/// Statements of the operator 1, each with the same events, and no others.
final class FakeStatements: StatementRepository {
    /// The events of each statement.
    let events: [StatementEvent]
    /// The statements, oldest first.
    let statements: [ClosedStatement]
    /// The number of events that one reading returns.
    private let countOfReading: Int
    /// The number of the event at which readings begin to fail.
    private let failsAt: Int64?
    private let readings = Mutex(0)

    /// - Parameters:
    ///   - count: The number of statements.
    ///   - unsealed: The number of statements, the newest ones, that have no digest yet.
    init(
        count: Int = 3, unsealed: Int = 0, events: [StatementEvent] = FakeStatements.events(5),
        countOfReading: Int = 2, failsAt: Int64? = nil
    ) {
        self.events = events
        self.countOfReading = countOfReading
        self.failsAt = failsAt
        statements = (0..<count).map { place in
            ClosedStatement(
                operatorIdentifier: FakeAccounts.acme.identifier, number: place + 1, firstEventNumber: 1,
                lastEventNumber: Int64(events.count), beginsOn: Timestamp("2026-11-23")!,
                endsOn: Timestamp("2026-11-24")!, closedOn: Timestamp("2026-11-24T00:00:01")!,
                otherPredecessor: nil,
                digest: place < count - unsealed ? Array(repeating: UInt8(place), count: 32) : nil)
        }
    }

    /// The number of readings of events so far.
    var readingCount: Int { readings.withLock { $0 } }

    /// Events whose customers begin as a formula does.
    static func events(_ count: Int, reference: String = "R,1") -> [StatementEvent] {
        (0..<count).map { place in
            StatementEvent(
                eventNumber: Int64(place + 1), kind: .decisionAccepted, number: ExactText("I\(place + 1)"),
                providerChargeIdentifier: nil, customerIdentifier: "=1+1",
                referenceNumber: ExactText(reference),
                amount: Money("9.90")!, currency: "USD", localCurrencyAmount: Money("9.1")!,
                localCurrency: "EUR", revision: 1, madeBy: "operator",
                madeOn: Timestamp("2026-11-23T07:00:00")!)
        }
    }

    func page(_ query: StatementListQuery) async throws(RequestFailure) -> StatementPage {
        let own = statements.reversed().filter {
            $0.operatorIdentifier == query.operatorIdentifier && $0.number < query.before ?? .max
        }
        let page = own.prefix(query.count).map { statement in
            ListedStatement(
                statement: statement,
                totals: [
                    StatementTotals.Total(
                        kind: .decisionAccepted, currency: "USD", localCurrency: "EUR",
                        events: Int64(events.count), amount: "49.50", localCurrencyAmount: "45.5")
                ])
        }
        return StatementPage(
            statements: Array(page), next: own.count > query.count ? page.last?.statement.number : nil)
    }

    func statement(
        _ number: Int, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> ChainedStatement? {
        statements.first { $0.number == number && $0.operatorIdentifier == operatorIdentifier }.map {
            ChainedStatement(statement: $0, predecessor: nil)
        }
    }

    func canonicalRendering(of chained: ChainedStatement) -> any StatementRendering { FakeRendering() }

    func events(
        of statement: ClosedStatement, from eventNumber: Int64, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> [StatementEvent] {
        readings.withLock { $0 += 1 }
        if let failsAt, eventNumber >= failsAt { throw .serviceUnavailable }
        return Array(events.dropFirst(Int(eventNumber - 1)).prefix(countOfReading))
    }
}

/// The canonical lines, with an end that has no digest.
private struct FakeRendering: StatementRendering {
    mutating func begin() -> [UInt8] { StatementLines.header }

    mutating func append(_ events: [StatementEvent]) -> [UInt8] { events.flatMap(StatementLines.line) }

    mutating func finish() -> [UInt8] { Array("END\n".utf8) }
}

extension StatementLines {
    /// An event's line.
    static func line(_ event: StatementEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        append(event, to: &bytes)
        return bytes
    }
}
