import Charges
import LibPQ

/// The place in a statement from which its next events are read.
struct StatementPlace: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    /// The number of the first event to read. A batch begins with it.
    let nextEventNumber: Int64
    let lastEventNumber: Int64
}

extension Statement where Input == StatementPlace, Row == StatementEvent {
    /// The most events that one reading returns, unless the first batch alone has more. Most have under 500.
    static let eventsOfReading = 2000

    /// Reads the next events of a statement, in order. Events never change, so each reading is a transaction of its own.
    ///
    /// The charge of each event is looked up by its key, whatever the session's planner settings are. In a plain join
    /// the operator and row security's policy count as two conditions, of which the planner expects hardly a charge, and
    /// it would read the events anew for each.
    static let statementEvents = Statement(
        "statement_events",
        """
        SELECT
            event.event_number, event.kind, event.number, charge.provider_charge_id,
            charge.billing_system_customer_identifier,
            CASE WHEN event.made_by = 'provider' THEN charge.decision_reference_number ELSE event.reference_number END,
            charge.amount::text, charge.currency, charge.local_currency_amount::text, charge.local_currency,
            CASE WHEN event.revision > 0 THEN event.revision ELSE charge.revision END, event.made_by, event.made_on
        FROM (
            SELECT
                batch.last_event_number - batch.events + row_number() OVER (
                    PARTITION BY batch.last_event_number ORDER BY recorded.number) AS event_number,
                recorded.*
            FROM (
                SELECT last_event_number, events, batch_id FROM countersign.event_batch
                WHERE operator_id = \(\.operatorIdentifier)
                    AND last_event_number BETWEEN \(\.nextEventNumber) AND \(\.lastEventNumber)
                    -- Numbers have no gaps, so these are the batches of the next events; one at least.
                    AND last_event_number <= greatest(
                        \(\.nextEventNumber)::bigint + \(raw: eventsOfReading - 1),
                        (SELECT min(last_event_number) FROM countersign.event_batch AS first
                        WHERE first.operator_id = \(\.operatorIdentifier)
                            AND first.last_event_number >= \(\.nextEventNumber)))
            ) AS batch
            CROSS JOIN LATERAL (
                SELECT
                    history.number,
                    CASE history.kind
                        WHEN 'ACCEPTED' THEN 'DECISION_ACCEPTED'
                        WHEN 'DECLINED' THEN 'DECISION_DECLINED'
                        ELSE 'ACKNOWLEDGED'
                    END AS kind,
                    history.reference_number, history.revision, history.made_by, history.made_on::timestamptz
                FROM countersign.charge_history AS history
                WHERE history.batch_id = ANY (ARRAY[batch.batch_id]) AND history.operator_id = \(\.operatorIdentifier)
                UNION ALL
                SELECT
                    given.number,
                    CASE given.outcome
                        WHEN 'APPROVED' THEN 'OUTCOME_APPROVED'
                        WHEN 'DECLINED' THEN 'OUTCOME_DECLINED'
                        WHEN 'BAD_REQUEST' THEN 'OUTCOME_BAD_REQUEST'
                        ELSE 'OUTCOME_REJECTED'
                    END,
                    NULL, 0, 'provider', given.made_on
                FROM countersign.charge_outcome AS given
                WHERE given.batch_id = ANY (ARRAY[batch.batch_id]) AND given.operator_id = \(\.operatorIdentifier)
            ) AS recorded
        ) AS event
        CROSS JOIN LATERAL (
            SELECT * FROM countersign.charge
            WHERE charge.operator_id = \(\.operatorIdentifier) AND charge.number = event.number
            LIMIT 1
        ) AS charge
        ORDER BY event.event_number
        """,
        decode: { row throws(PostgresError) in
            StatementEvent(
                eventNumber: try row.next(), kind: try row.next(), number: try row.next(),
                providerChargeIdentifier: try row.next(), customerIdentifier: try row.next(),
                referenceNumber: try row.next(), amount: try row.next(), currency: try row.next(),
                localCurrencyAmount: try row.next(), localCurrency: try row.next(), revision: try row.next(),
                madeBy: try row.next(), madeOn: try row.next())
        })
}

/// The columns of a statement, with its decoder.
extension ClosedStatement {
    static let columnList = """
        statement.operator_id, statement.number, statement.first_event_number, statement.last_event_number,
        statement.begins_on, statement.ends_on, statement.closed_on, statement.other_predecessor, statement.digest
        """

    /// Joins the statement before each one, as `before`. Its number is not always the one before: a restore may have lost
    /// some.
    static let predecessorJoin = """
        LEFT JOIN LATERAL (
            SELECT earlier.number, earlier.digest FROM countersign.statement AS earlier
            WHERE earlier.operator_id = statement.operator_id AND earlier.number < statement.number
            ORDER BY earlier.number DESC LIMIT 1
        ) AS before ON true
        """
}

extension RowReader {
    mutating func nextClosedStatement() throws(PostgresError) -> ClosedStatement {
        ClosedStatement(
            operatorIdentifier: try next(), number: try next(), firstEventNumber: try next(),
            lastEventNumber: try next(), beginsOn: try next(), endsOn: try next(), closedOn: try next(),
            otherPredecessor: try next(), digest: try next())
    }
}

extension Statement where Input == Void, Row == ChainedStatement {
    /// Reads the statements without a digest whose predecessor has one, with the predecessor's: one of each operator.
    static let unsealedStatements = Statement(
        "unsealed_statements",
        """
        SELECT \(raw: ClosedStatement.columnList), before.digest
        FROM countersign.statement
        \(raw: ClosedStatement.predecessorJoin)
        WHERE statement.digest IS NULL AND (before.number IS NULL OR before.digest IS NOT NULL)
        ORDER BY statement.operator_id
        """,
        decode: { row throws(PostgresError) in
            ChainedStatement(statement: try row.nextClosedStatement(), predecessor: try row.next())
        })
}

/// A statement's digest and totals.
struct StatementSeal: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let number: Int
    let digest: [UInt8]
    let totals: [StatementTotals.Total]

    /// - Parameter file: The statement's file, with all its events. This ends it.
    init(of unsealed: ChainedStatement, _ file: inout StatementFile) {
        operatorIdentifier = unsealed.statement.operatorIdentifier
        number = unsealed.statement.number
        digest = file.finish(after: unsealed.predecessors).digest
        totals = file.totals.all
    }

    fileprivate var kinds: [String] { totals.map(\.kind.rawValue) }
    fileprivate var currencies: [String] { totals.map(\.currency) }
    fileprivate var localCurrencies: [String] { totals.map(\.localCurrency) }
    fileprivate var events: [Int64] { totals.map(\.events) }
    fileprivate var amounts: [String] { totals.map(\.amount) }
    fileprivate var localCurrencyAmounts: [String] { totals.map(\.localCurrencyAmount) }
}

extension Statement where Input == StatementSeal, Row == Bool {
    /// Writes a statement's digest and totals. False if another node has.
    static let sealStatement = Statement(
        "seal_statement",
        """
        SELECT countersign.seal_statement(
            \(\.operatorIdentifier), \(\.number)::integer, \(\.digest), \(\.kinds), \(\.currencies),
            \(\.localCurrencies), \(\.events), \(\.amounts)::numeric[], \(\.localCurrencyAmounts)::numeric[])
        """)
}

extension Statement where Input == Int32, Row == Int? {
    /// Closes the statements whose end has come, and returns how many. It waits the given number of milliseconds for a
    /// session that is publishing; `nil` if that was too short.
    static let closeStatements = Statement(
        "close_statements", "SELECT countersign.close_statements(\(\.self))")
}

extension Statement where Input == String, Row == Int? {
    /// Closes an operator's statement under way at once, and those whose end has come.
    static let closeStatementNow = Statement(
        "close_statement_now", "SELECT countersign.close_statements(10000, \(\.self))")
}

/// The last statement that is known elsewhere, after a restore that lost it.
struct StatementResumption: Sendable {
    let operatorCode: String
    let lastNumber: Int
    let digest: [UInt8]
}

extension Statement where Input == StatementResumption, Row == Bool? {
    /// Lets the statement under way follow one that was lost. False if there is one with its number or a later one; `nil`
    /// if another session published for too long.
    static let resumeStatements = Statement(
        "resume_statements",
        "SELECT countersign.resume_statements(\(\.operatorCode), \(\.lastNumber)::integer, \(\.digest))")
}

/// The statements of an operator to be read: newest first, those before a number.
struct StatementListInput: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let before: Int?
    let count: Int
}

extension Statement where Input == StatementListInput, Row == ClosedStatement {
    /// Reads statements, newest first.
    static let statementList = Statement(
        "statement_list",
        """
        SELECT \(raw: ClosedStatement.columnList) FROM countersign.statement
        WHERE statement.operator_id = \(\.operatorIdentifier)
            AND statement.number < coalesce(\(\.before)::bigint, 2147483648)
        ORDER BY statement.number DESC LIMIT \(\.count)
        """,
        decode: { row throws(PostgresError) in try row.nextClosedStatement() })
}
