import Authentication
import Charges
import ConnectionPool
import LibPQ
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of row security: a transaction that reads one operator's data sees no other operator's rows, whatever its
/// statements have lost.
@Suite struct RowSecurityTests {
    private let database = TestDatabase.current!
    private static let acme = TestDatabase.acme.identifier
    private static let globex = TestDatabase.globex.identifier

    /// The tables with `operator_id` on which row security is not forced, or that have other policies than the two.
    private func openTables() async throws -> [String?] {
        try await database.session.texts(
            """
            SELECT relation.relname::text
            FROM pg_class AS relation
            JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid
            WHERE relation.relnamespace = 'countersign'::regnamespace AND relation.relkind IN ('r', 'p')
                AND attribute.attname = 'operator_id' AND NOT attribute.attisdropped
                AND NOT (
                    relation.relrowsecurity AND relation.relforcerowsecurity
                    AND ARRAY(
                        SELECT concat_ws(' ', policyname, cmd, permissive,
                            array_to_string(ARRAY(SELECT unnest(roles) ORDER BY 1), ' '), qual)
                        FROM pg_policies
                        WHERE schemaname = 'countersign' AND tablename = relation.relname ORDER BY policyname
                    ) = ARRAY[
                        'every_operator ALL PERMISSIVE countersign_administration countersign_application '
                            || 'countersign_owner countersign_reporting true',
                        'own_operator SELECT PERMISSIVE countersign_reader '
                            || $$(operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), $$
                            || $$''::text))::bigint)$$
                    ])
            ORDER BY 1
            """)
    }

    @Test("Each table with operator_id has its policies, and a new table without them is found", .database)
    func everyTableHasItsPolicies() async throws {
        #expect(try await openTables() == [])
        try await database.session.execute(
            """
            SET ROLE countersign_owner;
            CREATE TABLE countersign.forgotten (operator_id bigint NOT NULL)
            """)
        #expect(try await openTables() == ["forgotten"])
        try await database.session.execute(
            "ALTER TABLE countersign.forgotten ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        #expect(try await openTables() == ["forgotten"])
        try await database.session.execute("CALL countersign.separate_operators('countersign.forgotten')")
        #expect(try await openTables() == [])
    }

    @Test("The reader may read what nodes and administrators may read, and nothing else", .database)
    func theReaderHasNoRightOfItsOwn() async throws {
        func rights(of role: String) async throws -> Set<String?> {
            Set(
                try await database.session.texts(
                    """
                    SELECT oid::regclass || ' ' || privilege_type FROM pg_class, aclexplode(relacl)
                    WHERE grantee = '\(role)'::regrole
                    UNION ALL
                    SELECT attrelid::regclass || '.' || attname || ' ' || privilege_type
                    FROM pg_attribute, aclexplode(attacl) WHERE grantee = '\(role)'::regrole
                    UNION ALL
                    SELECT oid::regproc || ' ' || privilege_type FROM pg_proc, aclexplode(proacl)
                    WHERE grantee = '\(role)'::regrole
                    UNION ALL
                    SELECT oid::regnamespace || ' ' || privilege_type FROM pg_namespace, aclexplode(nspacl)
                    WHERE grantee = '\(role)'::regrole
                    """))
        }
        let reader = try await rights(of: "countersign_reader")
        let expected =
            TestDatabase.tablesOfReader.map { "countersign.\($0) SELECT" }
            + ["countersign USAGE", "countersign.decide_by EXECUTE"]
        #expect(reader == Set(expected))
        for role in ["countersign_application", "countersign_administration"] {
            #expect(reader.subtracting(try await rights(of: role)) == [], "\(role)")
        }
        // It is a member of nothing, and cannot pass row security by.
        let escapes = try await database.session.texts(
            """
            SELECT 'attribute' FROM pg_roles WHERE rolname = 'countersign_reader'
                AND (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
            UNION ALL
            SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'countersign_reader'::regrole
            """)
        #expect(escapes == [])
    }

    @Test("Without an operator the reader sees no row, and with one the rows of that one alone", .database)
    func anUnsetOperatorIsNone() async throws {
        try await database.withStore { try await database.addTwins($0) }
        func operators(as operatorIdentifier: Int64?) async throws -> [String?] {
            try await database.session.actAsReader(of: operatorIdentifier)
            let seen = try await database.session.texts(
                TestDatabase.tablesOfReader.map {
                    "SELECT DISTINCT '\($0) ' || operator_id FROM countersign.\($0)"
                }.joined(separator: " UNION ALL ") + " ORDER BY 1")
            try await database.session.execute("COMMIT")
            return seen
        }
        #expect(try await operators(as: nil) == [])
        #expect(try await operators(as: 2) == TestDatabase.tablesOfReader.map { "\($0) 2" })
        // PostgreSQL leaves an empty value behind.
        let left = try await database.session.texts("SELECT current_setting('countersign.operator_id')")
        #expect(left == [""])
        #expect(try await operators(as: nil) == [])
        #expect(try await operators(as: 1) == TestDatabase.tablesOfReader.map { "\($0) 1" })
        #expect(try await operators(as: 3) == [])
    }

    @Test("A statement that asks for another operator's rows than its transaction's gets none", .database)
    func aForeignIdentifierFindsNothing() async throws {
        try await database.withStore { store in
            try await database.addTwins(store)
            try await store.pool.withConnection(deadline: .now + .patience) { lease throws(PostgresError) in
                for read in OperatorReadFixture.all {
                    let counts = [
                        try read.count(lease.connection, Self.acme, Self.acme),
                        try read.count(lease.connection, Self.globex, Self.globex),
                        try read.count(lease.connection, Self.globex, Self.acme),
                        try read.count(lease.connection, Self.acme, Self.globex),
                    ]
                    #expect(counts[0] > 0 && counts == [counts[0], counts[0], 0, 0], "\(read): \(counts)")
                }
            }
        }
    }

    @Test("A statement without its conditions on the operator returns no other operator's rows", .database)
    func aLostConditionShowsNothing() async throws {
        try await database.withStore { try await database.addTwins($0) }
        for read in OperatorReadFixture.all {
            try await prepare(read.name, read.query, read)
            try await prepare("open_\(read.name)", read.withoutOperator, read)
            try await prepare("wide_\(read.name)", read.withoutOperatorOfCharges, read)
            let own = try await plan(read.name, read, asReader: true).rows
            #expect(own > 0, "\(read)")
            #expect(try await plan("open_\(read.name)", read, asReader: true).rows == own, "\(read)")
            // Without row security the other operator's rows show, or collide in a subquery of one row.
            do {
                let all = try await plan("wide_\(read.name)", read, asReader: false).rows
                #expect(all > own || read.isAggregate, "\(read): \(all)")
            } catch {
                #expect("\(error)".contains("21000"), "\(read): \(error)")
            }
            if read.isAggregate {
                let own = try await contents(of: read.query, read)
                #expect(try await contents(of: read.withoutOperatorOfCharges, read) != own, "\(read)")
            }
        }
    }

    @Test("The reader's plans scan the same indexes as plans without row security", .database)
    func plansStay() async throws {
        try await database.stopAutovacuum()
        try await database.withStore { try await database.addTwins($0) }
        // Enough charges for a bad order of joins to look cheap, of which the planner knows nothing yet.
        try await database.addCharges(3000, prefix: "X")
        for setting in SessionSettings.all {
            try await database.session.execute(
                "SELECT set_config('\(setting.name)', '\(setting.value)', false)")
        }
        for read in OperatorReadFixture.all {
            try await prepare(read.name, read.query, read)
            let without = try await plan(read.name, read, asReader: false)
            let with = try await plan(read.name, read, asReader: true)
            #expect(!with.scans.isEmpty && with.scans == without.scans, "\(read)")
            #expect(with.rows == without.rows, "\(read)")
        }
    }

    private func prepare(_ name: String, _ sql: String, _ read: OperatorReadFixture) async throws {
        let types = try await database.session.texts(
            """
            SELECT string_agg(oid::regtype::text, ', ' ORDER BY place)
            FROM unnest('{\(read.parameterTypeOIDs.map(String.init).joined(separator: ","))}'::oid[])
                WITH ORDINALITY AS type (oid, place)
            """)[0]!
        try await database.session.execute("PREPARE \(name) (\(types)) AS \(sql)")
    }

    /// The rows of a query as the superuser reads them.
    private func contents(of query: String, _ read: OperatorReadFixture) async throws -> [String?] {
        let shown = "SELECT shown::text FROM (\(query)) AS shown"
        try await prepare("contents", shown, read)
        let rows = try await database.session.texts("EXECUTE contents (\(read.values))")
        try await database.session.execute("DEALLOCATE contents")
        return rows
    }

    private func plan(_ name: String, _ read: OperatorReadFixture, asReader: Bool) async throws -> Plan {
        if asReader { try await database.session.actAsReader() }
        let text = try await database.session.texts(
            "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE \(name) (\(read.values))")[0]!
        if asReader { try await database.session.execute("COMMIT") }
        return try Plan(text)
    }

    @Test("Nodes and administrators read one operator's data as the reader", .database)
    func readsActAsTheReader() async throws {
        try await database.withStore { store in
            try await database.addTwins(store)
            // Their own logins are shown nothing.
            for table in TestDatabase.tablesOfReader where table != "operator" {
                try await database.session.execute(
                    """
                    CREATE POLICY hidden ON countersign.\(table) AS RESTRICTIVE
                    TO countersign_application, countersign_administration USING (false)
                    """)
            }
            #expect(try await store.page().charges.map(\.number) == ["N2", "N3"])
            for name in [ChargeName.number("N1"), .referenceNumber("R1")] {
                let charge = try await store.charges.charge(
                    named: name, of: Self.acme, deadline: .now + .patience)
                #expect(charge?.decisions.count == 1)
            }
            let page = try await store.statements.page(
                StatementListQuery(
                    operatorIdentifier: Self.acme, before: nil, count: 10, deadline: .now + .patience))
            #expect(page.statements.count == 1)
            let chained = try await store.statements.statement(
                1, of: Self.acme, deadline: .now + .patience)
            let statement = try #require(chained?.statement)
            let events = try await store.statements.events(
                of: statement, from: 1, deadline: .now + .patience)
            #expect(events.count == 3)
            let activity = try await store.activity.page(
                ActivityQuery(operatorIdentifier: Self.acme, deadline: .now + .patience))
            // The operator, its four users and its key have been added.
            #expect(activity.activities.count == 6)
            let read = try await store.readReconciliation(1)
            #expect(!read.totals.isEmpty && read.differences.contains { $0.closing != nil })

            #expect(try await database.statements().count == 1)
            #expect(try await database.events(of: statement).count == 3)
            let connectionString = database.administrationConnectionString
            let found = try await onThread {
                let session = try AdministrationSession(database: connectionString)
                defer { session.close() }
                var charges = 0
                try session.charges(of: "ACME", ChargeSelection()) { charges += $0.count }
                var differences = 0
                try session.forEachDifference(operatorCode: "ACME", number: 1) { _ in differences += 1 }
                return [
                    try session.activity(operatorCode: "ACME", kind: nil, count: 10).count,
                    charges, try session.charge(number: "N1", operatorCode: "ACME")?.decisions.count ?? 0,
                    try session.reconciliations(operatorCode: "ACME").count,
                    try session.reconciliation(operatorCode: "ACME", number: 1).totals.count,
                    differences,
                ]
            }
            #expect(found == [6, 4, 1, 1, read.totals.count, read.differences.count])
        }
    }

    @Test("A node decides as its own login", .database)
    func decidingActsAsTheLogin() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            """
            CREATE FUNCTION countersign.expect_login() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF current_user <> 'countersign_node' OR current_setting('countersign.operator_id', true) <> ''
                THEN RAISE EXCEPTION 'it is %', current_user; END IF;
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER expect_login AFTER INSERT ON countersign.charge_history
                FOR EACH ROW EXECUTE FUNCTION countersign.expect_login()
            """)
        try await database.withStore(configure: { $0.maximumConnections = 1 }) { store in
            #expect(try await store.page().charges.count == 1)
            let outcomes = try await store.decisions.decide(.accepting([.charge("N1")]))
            #expect(outcomes.map(\.text) == ["OK"])
        }
    }

    @Test("Neither the role nor the operator outlives a read, also one that failed", .database)
    func nothingIsLeftOnTheSession() async throws {
        try await database.addCharges(1, prefix: "N")
        let failing = Statement<ChargeKey, Int>(
            "", "SELECT 1 / (\(\.operatorIdentifier)::bigint - 1)")
        let state = Statement<Void, String>(
            "",
            "SELECT current_user || ' ' || coalesce(current_setting('countersign.operator_id', true), '')")
        try await database.withStore { store in
            let left = try await store.pool.withConnection(deadline: .now + .patience) {
                lease throws(PostgresError) in
                var states: [String] = []
                let key = ChargeKey(operatorIdentifier: Self.acme, name: "N1")
                for replicated in [true, false] {
                    let rows = try lease.connection.runAsReader(
                        .chargeByNumber, key, replicated: replicated, deadline: .now + .patience)
                    #expect(rows.count == 1)
                    states += try lease.connection.run(state, (), deadline: .now + .patience)
                    do throws(PostgresError) {
                        _ = try lease.connection.runAsReader(
                            failing, key, replicated: replicated, deadline: .now + .patience)
                        states.append("it did not fail")
                    } catch {
                        states += try lease.connection.run(state, (), deadline: .now + .patience)
                    }
                }
                return states
            }
            #expect(left == Array(repeating: "countersign_node ", count: 4))
        }
    }
}

extension Store {
    /// The first page of the pending charges of the operator 1.
    fileprivate func page() async throws -> ChargePage {
        try await charges.page(
            ChargeListQuery(
                operatorIdentifier: TestDatabase.acme.identifier,
                filter: ChargeListFilter(isProcessed: false), start: .after(nil), count: 50,
                deadline: .now + .patience))
    }
}
