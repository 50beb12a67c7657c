package import Charges
import LibPQ
import Logging
import Scheduling

/// The statement repository on PostgreSQL.
package struct PostgresStatementRepository: StatementRepository {
    let reader: QueryRunner
    /// The reader of files, on the connection for transfers. Each reading is a transaction of its own, so that a slow
    /// client holds no connection, lock or snapshot.
    let transferReader: QueryRunner
    let logger: Logger

    package func page(_ query: StatementListQuery) async throws(RequestFailure) -> StatementPage {
        let input = StatementListInput(
            operatorIdentifier: query.operatorIdentifier, before: query.before, count: query.count + 1)
        let rows = try await reader.operatorRows(
            .listedStatements, input, deadline: query.deadline,
            share: .operator(query.operatorIdentifier.value))
        let page = Array(rows.prefix(query.count))
        return StatementPage(
            statements: page, next: rows.count > query.count ? page.last?.statement.number : nil)
    }

    package func statement(
        _ number: Int, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> ChainedStatement? {
        try await reader.operatorRows(
            .statementByNumber, StatementKey(operatorIdentifier: operatorIdentifier, number: number),
            deadline: deadline, share: .operator(operatorIdentifier.value)
        ).first
    }

    package func canonicalRendering(of chained: ChainedStatement) -> any StatementRendering {
        CanonicalRendering(chained: chained, logger: logger)
    }

    package func events(
        of statement: ClosedStatement, from eventNumber: Int64, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> [StatementEvent] {
        let events = try await transferReader.operatorRows(
            .statementEvents, statement.place(from: eventNumber), replicated: false, deadline: deadline)
        guard events.first?.eventNumber == eventNumber else {
            logger.error("a statement lacks an event", metadata: statement.metadata(event: eventNumber))
            throw .internalError
        }
        return events
    }
}

/// The canonical file of a statement. Without the digest that the statement has it does not end.
private struct CanonicalRendering: StatementRendering {
    let chained: ChainedStatement
    let logger: Logger
    private var file = StatementFile()

    init(chained: ChainedStatement, logger: Logger) {
        self.chained = chained
        self.logger = logger
    }

    mutating func begin() -> [UInt8] { file.header() }

    mutating func append(_ events: [StatementEvent]) -> [UInt8] { file.append(events) }

    mutating func finish() throws(RequestFailure) -> [UInt8] {
        let (bytes, digest) = file.finish(after: chained.predecessors)
        guard digest == chained.statement.digest else {
            logger.error(
                "a statement is damaged: its events do not give its digest",
                metadata: chained.statement.metadata(event: chained.statement.lastEventNumber))
            throw .internalError
        }
        return bytes
    }
}

/// The name of a statement: its operator and its number.
struct StatementKey: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let number: Int
}

extension Statement where Input == StatementKey, Row == ChainedStatement {
    /// Reads a statement with the digest of the one before it.
    static let statementByNumber = Statement(
        "statement_by_number",
        """
        SELECT \(raw: ClosedStatement.columnList), before.digest
        FROM countersign.statement
        \(raw: ClosedStatement.predecessorJoin)
        WHERE statement.operator_id = \(\.operatorIdentifier) AND statement.number = \(\.number)::bigint
        """,
        decode: { row throws(PostgresError) in
            ChainedStatement(statement: try row.nextClosedStatement(), predecessor: try row.next())
        })
}

extension Statement where Input == StatementListInput, Row == ListedStatement {
    /// Reads statements with their totals, newest first.
    static let listedStatements = Statement(
        "listed_statements",
        """
        SELECT \(raw: ClosedStatement.columnList),
            total.kinds, total.currencies, total.local_currencies, total.counts, total.amounts,
            total.local_currency_amounts
        FROM (
            SELECT * FROM countersign.statement
            WHERE statement.operator_id = \(\.operatorIdentifier)
                AND statement.number < coalesce(\(\.before)::bigint, 2147483648)
            ORDER BY statement.number DESC LIMIT \(\.count)
        ) AS statement
        CROSS JOIN LATERAL (
            SELECT
                coalesce(array_agg(event), '{}') AS kinds, coalesce(array_agg(currency), '{}') AS currencies,
                coalesce(array_agg(local_currency), '{}') AS local_currencies,
                coalesce(array_agg(events), '{}') AS counts, coalesce(array_agg(amount), '{}') AS amounts,
                coalesce(array_agg(local_currency_amount), '{}') AS local_currency_amounts
            FROM (
                SELECT event, currency, local_currency, events, amount::text, local_currency_amount::text
                FROM countersign.statement_total AS own
                WHERE own.operator_id = statement.operator_id AND own.number = statement.number
                ORDER BY event, currency, local_currency
            ) AS sorted
        ) AS total
        ORDER BY statement.number DESC
        """,
        decode: { row throws(PostgresError) in
            let statement = try row.nextClosedStatement()
            let kinds = try row.next([EventKind].self)
            let currencies = try row.next([String].self)
            let localCurrencies = try row.next([String].self)
            let counts = try row.next([Int64].self)
            let amounts = try row.next([String].self)
            let localCurrencyAmounts = try row.next([String].self)
            let totals = kinds.indices.map { place in
                StatementTotals.Total(
                    kind: kinds[place], currency: currencies[place], localCurrency: localCurrencies[place],
                    events: counts[place], amount: amounts[place],
                    localCurrencyAmount: localCurrencyAmounts[place])
            }
            return ListedStatement(
                statement: statement,
                totals: totals.enumerated().sorted {
                    ($0.element.kind, $0.offset) < ($1.element.kind, $1.offset)
                }
                .map(\.element))
        })
}
