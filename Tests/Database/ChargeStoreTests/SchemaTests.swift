import TestSupport
import Testing

/// Tests of what the database enforces by itself, whatever the application does.
@Suite struct SchemaTests {
    private let database = TestDatabase.current!

    @Test(
        "The application role may not run a forbidden statement",
        .database,
        arguments: [
            "DELETE FROM countersign.charge", "DELETE FROM countersign.charge_history",
            "UPDATE countersign.charge_history SET reference_number = 'x'", "TRUNCATE countersign.charge",
            "UPDATE countersign.charge SET amount = 1", "UPDATE countersign.charge SET number = 'x'",
            "DELETE FROM countersign.batch", "DELETE FROM countersign.unpublished_batch",
            "INSERT INTO countersign.published_batch VALUES (1, gen_random_uuid(), now())",
            "UPDATE countersign.operator SET undecided_counts_from = now()", "DROP TABLE countersign.charge",
            "CREATE TABLE countersign.mine (id int)", "UPDATE countersign.signing_key SET secret = ''",
            "DELETE FROM countersign.token_revocation",
            "UPDATE countersign.token_revocation SET generation = 1",
            "UPDATE countersign.operator SET token_generation = 1", "DELETE FROM countersign.signing_key",
            "UPDATE countersign.api_key SET key_hash = ''", "DELETE FROM countersign.api_key",
            "INSERT INTO countersign.migration (number, name, checksum, oldest_build) VALUES (9, 'x', '', 1)",
        ])
    func theApplicationMayNot(_ sql: String) async throws {
        let message = try await database.applicationFailure(sql)
        #expect(message?.contains("42501") == true, "\(sql): \(message ?? "it was let")")
    }

    @Test("A charge never leaves its final state or its acknowledgement", .database)
    func aFinalStateIsNeverLeft() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            "UPDATE countersign.charge SET charge_status = 'APPROVED', set_as_approved_on = now()")
        let change = "UPDATE countersign.charge SET charge_status = 'PENDING', set_as_approved_on = NULL"
        #expect(
            try await database.applicationFailure(change)?.contains("a charge that is APPROVED stays so")
                == true)
        try await database.session.execute("UPDATE countersign.charge SET acknowledged_on = now()")
        let forget = "UPDATE countersign.charge SET acknowledged_on = NULL"
        #expect(try await database.applicationFailure(forget)?.contains("stays acknowledged") == true)
    }

    @Test(
        "A CHECK refuses a charge's columns that contradict each other",
        .database,
        arguments: [
            "charge_status = 'APPROVED'", "set_as_declined_on = now()", "decision = 'ACCEPTED'",
            "revision = 1",
            "decision_reference_number = 'x'", "acknowledged_on = now()", "charge_status = 'DONE'",
        ])
    func contradictingColumnsAreRefused(_ assignment: String) async throws {
        try await database.addCharges(1, prefix: "N")
        let message = try await database.applicationFailure("UPDATE countersign.charge SET \(assignment)")
        #expect(message?.contains("23514") == true, "\(assignment): \(message ?? "it was let")")
    }

    @Test(
        "A CHECK allows revision 0 for acknowledgements by operators alone",
        .database,
        arguments: [
            "0, 'ACCEPTED', 'operator'", "1, 'ACKNOWLEDGED', 'operator'", "0, 'ACKNOWLEDGED', 'policy'",
            "-1, 'ACCEPTED', 'operator'", "1, 'PENDING', 'operator'",
        ])
    func anAcknowledgementAloneHasNoRevision(_ values: String) async throws {
        let message = try await database.applicationFailure(
            """
            INSERT INTO countersign.charge_history (operator_id, number, made_on, takes_reference, batch_id,
                revision, kind, made_by)
            VALUES (1, 'N1', now(), false, gen_random_uuid(), \(values))
            """)
        #expect(message?.contains("23514") == true, "\(values): \(message ?? "it was let")")
    }

    /// The keys begin with the operator so that the tables can be partitioned by operator one day. The exceptions, each
    /// with its reason: the key of operator is the operator's own number; a login by api_key names no operator;
    /// signing_key is shared by all nodes; batch has its own random id, before it is known whose it is; migration
    /// describes the schema; provider_key, feed, published_batch and unpublished_batch are the provider's, over all
    /// operators; heartbeat is the service's.
    @Test("Every unique key of operator data begins with operator_id", .database)
    func everyKeyOfAnOperatorsDataBeginsWithTheOperator() async throws {
        let others = try await database.session.texts(
            """
            SELECT DISTINCT relation.relname::text
            FROM pg_index AS index
            JOIN pg_class AS relation ON relation.oid = index.indrelid
            JOIN pg_attribute AS attribute
                ON attribute.attrelid = relation.oid AND attribute.attnum = index.indkey[0]
            WHERE relation.relnamespace = 'countersign'::regnamespace AND index.indisunique
                AND attribute.attname <> 'operator_id'
            ORDER BY 1
            """)
        #expect(
            others == [
                "api_key", "batch", "feed", "heartbeat", "migration", "operator", "provider_key",
                "published_batch", "signing_key", "unpublished_batch",
            ])
    }

    /// Deciding is a HOT update only while no index names a column that it sets.
    @Test("No index of charge names a column that a decision sets", .database)
    func noIndexNamesWhatDecidingSets() async throws {
        let named = try await database.session.texts(
            """
            SELECT indexdef FROM pg_indexes WHERE schemaname = 'countersign' AND tablename = 'charge'
                AND indexdef ~ '\\m(decision|revision|decided_on|decision_made_by|decision_reference_number)\\M'
            """)
        #expect(named.isEmpty)
    }

    /// Before a BEFORE trigger each row is locked and the lock logged, whatever columns the trigger watches.
    @Test("No BEFORE UPDATE trigger locks a charge a second time", .database)
    func decidingLocksEachChargeOnce() async throws {
        let before = try await database.session.texts(
            """
            SELECT tgname::text FROM pg_trigger
            WHERE tgrelid = 'countersign.charge'::regclass
                AND pg_get_triggerdef(oid) ~ 'BEFORE [A-Z ]*UPDATE'
            """)
        #expect(before.isEmpty)
    }

    @Test("Text keys use collation C", .database)
    func textKeysAreComparedByTheirBytes() async throws {
        let others = try await database.session.texts(
            """
            SELECT relation.relname || '.' || attribute.attname
            FROM pg_index AS index
            JOIN pg_class AS relation ON relation.oid = index.indrelid
            JOIN pg_attribute AS attribute
                ON attribute.attrelid = relation.oid AND attribute.attnum = ANY (index.indkey)
            WHERE relation.relnamespace = 'countersign'::regnamespace AND attribute.atttypid = 'text'::regtype
                AND attribute.attcollation <> (SELECT oid FROM pg_collation WHERE collname = 'C')
            """)
        #expect(others.isEmpty)
    }
}

extension TestDatabase {
    /// The failure of a statement of the application's login; `nil` if it succeeds.
    func applicationFailure(_ sql: String) async throws -> String? {
        let session = TestSession(applicationParameters)
        var failure: String?
        do {
            try await session.execute(sql)
        } catch {
            failure = "\(error)"
        }
        await session.close()
        return failure
    }
}
