import Authentication
import Charges
import LibPQ
import TestSupport

@testable import ChargeStore

/// A statement that reads one operator's data, with values that select rows of the operator 1 in a database that
/// `addTwins` has filled.
struct OperatorReadFixture: Sendable, CustomStringConvertible {
    let name: String
    /// The query, also of a cursor.
    let query: String
    let parameterTypeOIDs: [UInt32]
    /// The values as SQL, in the order of the parameters.
    let values: String
    /// Whether the rows are counts, so that there are no more of them with another operator's data.
    let isAggregate: Bool
    /// The number of rows that the statement returns when it asks for one operator's in a transaction of another's.
    let count:
        @Sendable (_ connection: Connection, _ asked: OperatorIdentifier, _ transaction: OperatorIdentifier)
            throws(PostgresError) -> Int

    var description: String { name }

    /// The query without its conditions on the operator.
    var withoutOperator: String { query.replacing(Self.condition, with: "true") }

    /// The same, but for the operator's own row, of which a list wants one.
    var withoutOperatorOfCharges: String {
        query.replacing("operator.operator_id = ", with: "operator.operator_id + 0 = ")
            .replacing(Self.condition, with: "true")
    }

    nonisolated(unsafe) private static let condition =
        /([a-z]+\.)?operator_id = (ANY \(ARRAY\[\$[0-9]+\]\)|\$[0-9]+)/

    private init<Input: OperatorRead, Row>(
        _ statement: Statement<Input, Row>, _ values: String, isAggregate: Bool = false,
        _ input: @escaping @Sendable (OperatorIdentifier) -> Input
    ) {
        let isCursor = statement.name.isEmpty
        name = isCursor ? "selected_charges" : statement.name
        query = statement.sql.replacing("DECLARE selected_charges NO SCROLL CURSOR WITH HOLD FOR", with: "")
        parameterTypeOIDs = statement.parameterTypes.map(\.oid)
        self.values = values
        self.isAggregate = isAggregate
        count = { (connection, asked, transaction) throws(PostgresError) in
            var pipeline = Pipeline()
            try pipeline.add(.actAsReader, transaction)
            let slot = try pipeline.add(statement, input(asked))
            guard isCursor else {
                return try connection.run(pipeline, deadline: .now + .patience).rows(slot).count
            }
            let fetched = try pipeline.add(.fetchSelectedCharges, ())
            try pipeline.add(Statement<Void, Void>("", "CLOSE selected_charges"), ())
            return try connection.run(pipeline, deadline: .now + .patience).rows(fetched).count
        }
    }

    /// Every such statement.
    static let all: [OperatorReadFixture] =
        lists + searches + overviews + charges + statements + reconciliations + accounts + decisionFiles

    private static let searches: [OperatorReadFixture] =
        ChargeSearchOrder.allCases.flatMap { order in ChargeSearchScope.allCases.map { search($0, order) } }
        + [
            named(.chargeSearchByNumber, "'N1', NULL") { $0.number = "N1" },
            named(.chargeSearchByReference, "'R1'") { $0.referenceNumber = "R1" },
        ]

    private static func named(
        _ statement: Statement<ChargeSearch, ChargeSearchRow>, _ name: String,
        _ change: (inout ChargeSearchFilter) -> Void
    ) -> OperatorReadFixture {
        var filter = ChargeSearchFilter()
        change(&filter)
        return OperatorReadFixture(
            statement,
            """
            1, \(name), NULL, NULL, ARRAY['PENDING', 'APPROVED', 'DECLINED', 'BAD_REQUEST', 'REJECTED'],
                NULL, '-infinity', '', 'infinity'
            """
        ) { [filter] in
            ChargeSearch(
                operatorIdentifier: $0, filter: filter, order: .oldestFirst, deadline: .now + .patience)
        }
    }

    private static func search(_ scope: ChargeSearchScope, _ order: ChargeSearchOrder) -> OperatorReadFixture
    {
        var filter = ChargeSearchFilter()
        switch scope {
        case .processedOfStatus, .everProcessedOfStatus: filter.status = .status(.approved)
        case .acknowledgedOfStatus: filter.status = .status(.rejected)
        case .unacknowledgedOfCustomer, .ofCustomer: filter.customer = "cN2"
        case .acknowledgedOfCustomer: filter.customer = "cA1"
        default: break
        }
        let status = filter.status.map { ", '\($0.rawValue)'" } ?? ""
        let customer = filter.customer.map { ", '\($0.string)'" } ?? ""
        let statuses = filter.customer == nil ? "" : ", ARRAY['PENDING', 'REJECTED']"
        let (first, last) =
            order == .oldestFirst ? ("-infinity", "infinity") : ("infinity", "-infinity")
        return OperatorReadFixture(
            .chargeSearch(scope, order),
            "NULL\(statuses), 1\(status)\(customer), '\(first)', '', '\(last)', 51"
        ) { [filter] in
            ChargeSearch(operatorIdentifier: $0, filter: filter, order: order, deadline: .now + .patience)
        }
    }

    private static let overviews: [OperatorReadFixture] = [
        overview(.undecidedByAge), overview(.undecidedByDeadline), overview(.failedItemsByCode),
        overview(.decisionDays),
        overview(.processedCounts, "ARRAY['APPROVED', 'DECLINED', 'BAD_REQUEST', 'REJECTED'], 1"),
    ]

    private static func overview<Row>(
        _ statement: Statement<OverviewInput, Row>, _ values: String = "1"
    ) -> OperatorReadFixture {
        OperatorReadFixture(statement, values, isAggregate: true) { OverviewInput(operatorIdentifier: $0) }
    }

    private static let charges: [OperatorReadFixture] = [
        OperatorReadFixture(.chargeByNumber, "1, 'N1'") { ChargeKey(operatorIdentifier: $0, name: "N1") },
        OperatorReadFixture(.chargeByReference, "1, 'R1'") { ChargeKey(operatorIdentifier: $0, name: "R1") },
        OperatorReadFixture(.chargesByNumbers, "1, ARRAY['N1']") {
            ChargeNumbers(operatorIdentifier: $0, numbers: ["N1"])
        },
        OperatorReadFixture(
            .declareSelectedCharges, "1, NULL, ARRAY['PENDING', 'APPROVED'], NULL, NULL"
        ) { SelectedCharges(operatorIdentifier: $0, selection: ChargeSelection()) },
    ]

    private static let statements: [OperatorReadFixture] = [
        OperatorReadFixture(.statementEvents, "1, 1, 100") {
            StatementPlace(operatorIdentifier: $0, nextEventNumber: 1, lastEventNumber: 100)
        },
        OperatorReadFixture(.statementByNumber, "1, 1") { StatementKey(operatorIdentifier: $0, number: 1) },
        OperatorReadFixture(Statement<StatementListInput, ClosedStatement>.statementList, "1, NULL, 10") {
            StatementListInput(operatorIdentifier: $0, before: nil, count: 10)
        },
        OperatorReadFixture(Statement<StatementListInput, ListedStatement>.listedStatements, "1, NULL, 10") {
            StatementListInput(operatorIdentifier: $0, before: nil, count: 10)
        },
    ]

    private static let reconciliations: [OperatorReadFixture] = [
        OperatorReadFixture(.reconciliationList, "1, NULL, 10") {
            ReconciliationListInput(operatorIdentifier: $0, before: nil, count: 10)
        },
        OperatorReadFixture(.reconciliationTotals, "1, 1") {
            ReconciliationKey(operatorIdentifier: $0, number: 1)
        },
        OperatorReadFixture(.reconciliationDifferences, "1, 1, 0, NULL, 10") {
            DifferenceListInput(
                key: ReconciliationKey(operatorIdentifier: $0, number: 1), after: 0,
                reconciliationClass: nil, count: 10)
        },
        OperatorReadFixture(
            Statement<DifferenceClosings, ReconciliationClosing>.reconciliationClosings,
            "1, 1, ARRAY[1, 2, 3, 4]"
        ) {
            DifferenceClosings(
                key: ReconciliationKey(operatorIdentifier: $0, number: 1), identifiers: [1, 2, 3, 4],
                reasons: [], username: nil)
        },
    ]

    private static let accounts: [OperatorReadFixture] = [
        OperatorReadFixture(.operatorSettings, "1") { OperatorKey(operatorIdentifier: $0) },
        OperatorReadFixture(.activity, "1, NULL, 10") {
            ActivityListInput(operatorIdentifier: $0, kind: nil, before: nil, count: 10)
        },
        OperatorReadFixture(.activityOfKind, "1, 'OPERATOR_ADDED', NULL, 10") {
            ActivityListInput(operatorIdentifier: $0, kind: .operatorAdded, before: nil, count: 10)
        },
    ]

    private static let decisionFiles: [OperatorReadFixture] = [
        OperatorReadFixture(.decisionFileList, "1, NULL, 10") {
            DecisionFileListInput(operatorIdentifier: $0, before: nil, count: 10)
        },
        OperatorReadFixture(.decisionFileCounts, "1, 1") {
            DecisionFileKeyInput(operatorIdentifier: $0, number: 1)
        },
        OperatorReadFixture(.decisionFileSums, "'ACCEPTED', 1, 1", isAggregate: true) {
            DecisionFileSumsInput(
                file: DecisionFileKeyInput(operatorIdentifier: $0, number: 1), action: .accept)
        },
        OperatorReadFixture(.decisionFileRows, "1, 1, 0, true, 10") {
            DecisionFileRowsInput(
                file: DecisionFileKeyInput(operatorIdentifier: $0, number: 1), after: 0, filter: .all,
                count: 10)
        },
        OperatorReadFixture(.decisionFileItems, "1, 1, 1, 50") {
            DecisionFilePart(
                file: DecisionFileKeyInput(operatorIdentifier: $0, number: 1), firstPosition: 1,
                lastPosition: 50)
        },
    ]

    private static let lists: [OperatorReadFixture] = [
        list(.pendingByPlace, "NULL, 1, '-infinity', '', 51"),
        list(.processedByPlace, "NULL, 1, '-infinity', '', 51", isProcessed: true),
        list(.pendingFilteredByPlace, "'ACCEPTED', 1, '-infinity', '', 51", decision: .decided(.accepted)),
        list(
            .processedFilteredByPlace, "'ACCEPTED', 1, '-infinity', '', 51", isProcessed: true,
            decision: .decided(.accepted)),
        list(.customerByPlace, "NULL, false, 1, 'cN2', '-infinity', '', 51", customer: "cN2"),
        list(.pendingByOffset, "1, NULL, 51, 0", start: .offset(0)),
        list(.processedByOffset, "1, NULL, 51, 0", start: .offset(0), isProcessed: true),
        list(.customerByOffset, "1, 'cN2', NULL, false, 51, 0", start: .offset(0), customer: "cN2"),
    ]

    private static func list(
        _ statement: Statement<ChargeListQuery, ChargeListRow>, _ values: String,
        start: ChargeListQuery.Start = .after(nil), isProcessed: Bool = false,
        decision: DecisionFilter? = nil, customer: ExactText? = nil
    ) -> OperatorReadFixture {
        OperatorReadFixture(statement, values) {
            ChargeListQuery(
                operatorIdentifier: $0,
                filter: ChargeListFilter(isProcessed: isProcessed, decision: decision, customer: customer),
                start: start, count: 50, deadline: .now + .patience)
        }
    }
}

extension TestSession {
    /// Begins a transaction that reads as nodes read one operator's data. `nil` is no operator.
    func actAsReader(of operatorIdentifier: Int64? = 1) async throws {
        try await execute("BEGIN; SET LOCAL ROLE countersign_reader")
        if let operatorIdentifier {
            try await execute("SET LOCAL countersign.operator_id = '\(operatorIdentifier)'")
        }
    }
}

extension TestDatabase {
    /// The tables that the reader may read.
    static let tablesOfReader = [
        "activity", "charge", "charge_history", "charge_outcome", "decision_file", "decision_file_row",
        "event_batch", "failed_item_count", "operator",
        "reconciliation", "reconciliation_closing", "reconciliation_difference", "reconciliation_total",
        "statement",
        "statement_total",
    ]

    /// Gives the operator 1 charges, a statement, a reconciliation and a decision file, by a node; and the operator 2 the
    /// same rows.
    func addTwins(_ store: Store) async throws {
        try await addCharges(3, prefix: "N")
        let outcomes = try await store.decisions.decide(
            .accepting([.charge("N1", reference: "R1"), .charge("N2", reference: "R2")]))
        guard outcomes.map(\.text) == ["OK", "OK"] else { throw RequestFailure.internalError }
        try await process("N1")
        try await closeStatement()
        let read = try await store.reconcile(
            "number,amount\nN1,5.00\n",
            .october.with {
                $0.from = Timestamp("2020-01-01")!
                $0.to = Timestamp("2099-01-01")!
            })
        _ = try await store.reconciliations.close(
            [(difference: read.differences[0].identifier, reason: "a discount")],
            operatorIdentifier: TestDatabase.acme.identifier, number: read.reconciliation.number,
            username: "tester", deadline: .now + .patience)
        // One that was acknowledged elsewhere.
        try await addCharges(1, prefix: "A")
        try await withoutTriggers(
            """
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now(),
                acknowledged_on = now()
            WHERE number = 'A1';
            UPDATE countersign.operator SET undecided_policy = 'decline';
            INSERT INTO countersign.failed_item_count (operator_id, counted_on, kind, error_code, count)
            VALUES (1, date_trunc('hour', now(), 'UTC'), 'ACCEPTED', 'CHARGE_NOT_FOUND', 5)
            """)
        try await addLogins()
        try await store.uploadFile("number\nN3\n")
        await store.workOnFiles()
        // Both have been added, which is activity.
        for table in Self.tablesOfReader where table != "operator" && table != "activity" {
            try await withoutTriggers(
                """
                CREATE TEMPORARY TABLE twin AS SELECT * FROM countersign.\(table) WHERE operator_id = 1;
                UPDATE twin SET operator_id = 2;
                INSERT INTO countersign.\(table) SELECT * FROM twin;
                DROP TABLE twin
                """)
        }
    }
}
