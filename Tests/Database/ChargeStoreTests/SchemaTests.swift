import LibPQ
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
            "INSERT INTO countersign.operator (code, currency) VALUES ('MINE', 'EUR')",
            "UPDATE countersign.operator SET suspended_on = now()",
            "UPDATE countersign.operator SET currency = 'CHF'",
            "DELETE FROM countersign.charge_number_counter",
            "INSERT INTO countersign.charge_number_counter (operator_id) VALUES (3)",
            "UPDATE countersign.operator SET undecided_policy = 'accept'",
            "UPDATE countersign.operator SET repeated_decision = 'success'",
            "INSERT INTO countersign.operator_user (operator_id, username, password_hash) VALUES (1, 'x', '')",
            "UPDATE countersign.operator_user SET password_hash = ''",
            "UPDATE countersign.operator_user SET suspended_on = NULL",
            "INSERT INTO countersign.api_key (operator_id, name, key_hash) VALUES (1, 'x', '')",
            "UPDATE countersign.api_key SET revoked_on = now()",
            "INSERT INTO countersign.provider_key (name, key_hash) VALUES ('x', '')",
            "UPDATE countersign.provider_key SET revoked_on = now()",
            "UPDATE countersign.feed SET epoch = replace(gen_random_uuid()::text, '-', '')",
            "UPDATE countersign.feed SET seen = NULL", "SELECT FROM countersign.reconciliation_row",
            "DELETE FROM countersign.reconciliation_row",
            "UPDATE countersign.reconciliation SET state = 'DONE'",
            "UPDATE countersign.reconciliation_difference SET class = 'MATCHED'",
            "DELETE FROM countersign.reconciliation_closing",
            "UPDATE countersign.operator_user SET role = 'administrator'",
            "UPDATE countersign.api_key SET role = 'administrator'",
            "SELECT countersign.set_user_role(1, 'x', 'viewer')",
            "SELECT countersign.add_user(1, 'x', '', 'viewer')",
            "SELECT countersign.refuse_acting_user(ROW(1, 'x', 1, 1, NULL)::countersign.acting_user)",
            "SELECT countersign.add_activity(1, 'SIGNED_IN', 'x')", "DELETE FROM countersign.activity",
            "INSERT INTO countersign.activity (kind, channel, actor) VALUES ('SIGNED_IN', 'console', 'x')",
            "UPDATE countersign.activity SET count = 2", "TRUNCATE countersign.activity",
            "DELETE FROM countersign.decision_file",
            "UPDATE countersign.decision_file SET state = 'RUNNING'",
            "UPDATE countersign.decision_file_row SET result = 'OK'",
            "UPDATE countersign.operator SET decision_files = 0",
            "SELECT countersign.check_file_login(1, 'anna', 1, 1)",
        ])
    func theApplicationMayNot(_ sql: String) async throws {
        let message = try await database.applicationFailure(sql)
        #expect(message?.contains("42501") == true, "\(sql): \(message ?? "it was let")")
    }

    /// Administration changes accounts, and imports charges. It can neither decide nor read what clients log in with.
    @Test(
        "The administration role may not run a forbidden statement",
        .database,
        arguments: [
            "UPDATE countersign.charge SET revision = 1", "DELETE FROM countersign.charge",
            "UPDATE countersign.charge_history SET username = 'x'", "DELETE FROM countersign.operator",
            "SELECT secret FROM countersign.signing_key", "DROP TABLE countersign.charge",
            "UPDATE countersign.operator SET token_generation = 1",
            "UPDATE countersign.api_key SET key_hash = ''", "DELETE FROM countersign.api_key",
            "DELETE FROM countersign.token_revocation", "SELECT countersign.publish_decisions(0)",
            "UPDATE countersign.operator_user SET token_generation = 1", "DELETE FROM countersign.activity",
            "INSERT INTO countersign.activity (kind, channel, actor) VALUES ('SIGNED_IN', 'console', 'x')",
            "UPDATE countersign.activity SET actor = 'x'", "SELECT countersign.purge_activity(1)",
            "SELECT countersign.record_sign_in('ACME', 'x', '', true)",
            "INSERT INTO countersign.migration (number, name, checksum, oldest_build) VALUES (99, 'x', '', 1)",
        ])
    func administrationMayNot(_ sql: String) async throws {
        let message = try await database.administrationFailure(sql)
        #expect(message?.contains("42501") == true, "\(sql): \(message ?? "it was let")")
    }

    @Test("A charge never leaves its final state or its acknowledgement", .database)
    func aFinalStateIsNeverLeft() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            "UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now()")
        let change =
            "UPDATE countersign.charge SET charge_status = 'PENDING', set_as_rejected_request_on = NULL"
        #expect(try await database.applicationFailure(change)?.contains("a final state") == true)
        try await database.session.execute("UPDATE countersign.charge SET acknowledged_on = now()")
        let forget = "UPDATE countersign.charge SET acknowledged_on = NULL"
        #expect(try await database.applicationFailure(forget)?.contains("an acknowledgement stay") == true)
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
    /// operators; heartbeat is the service's; activity has rows without an operator; the operator of reconciliation_row goes by another name, since PostgreSQL
    /// refuses COPY into a table with row security.
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
                "activity", "administrator", "api_key", "batch", "feed", "heartbeat", "migration",
                "node_status",
                "operator", "provider_key", "published_batch", "reconciliation_row", "signing_key",
                "unpublished_batch",
            ])
    }

    /// psql's \\d+ shows the comments; so does every tool that draws the schema.
    @Test("Every table, view, column and domain has a comment", .database)
    func everythingHasAComment() async throws {
        let silent = try await database.session.texts(
            """
            SELECT relname || coalesce('.' || attname, '') AS name
            FROM pg_class
            LEFT JOIN LATERAL (
                SELECT attname, attnum FROM pg_attribute
                WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
                UNION ALL SELECT NULL, 0
            ) AS attribute ON true
            WHERE relnamespace IN ('countersign'::regnamespace, 'reporting'::regnamespace)
                AND relkind IN ('r', 'v', 'm', 'p')
                AND NOT EXISTS (
                    SELECT FROM pg_description
                    WHERE objoid = pg_class.oid AND classoid = 'pg_class'::regclass AND objsubid = coalesce(attnum, 0)
                        AND description <> '')
            UNION ALL
            SELECT typname FROM pg_type
            WHERE typnamespace = 'countersign'::regnamespace AND typtype = 'd'
                AND obj_description(oid, 'pg_type') IS NULL
            ORDER BY name
            """)
        #expect(silent.isEmpty, "\(silent.count) have none")
    }

    /// What never changes is frozen when vacuum first sees it, not at once for the whole table 200 million
    /// transactions later. The application's rights say what never changes: it may insert and not update, and no
    /// function deletes.
    @Test("Tables whose rows never change are frozen bit by bit", .database)
    func whatNeverChangesIsFrozenEarly() async throws {
        let late = try await database.session.texts(
            """
            SELECT relname::text FROM pg_class
            WHERE oid = ANY ('{countersign.charge_history, countersign.charge_outcome, countersign.published_batch,
                countersign.event_batch}'::regclass[])
                AND NOT coalesce('autovacuum_freeze_min_age=0' = ANY (reloptions), false)
            """)
        #expect(late.isEmpty)
    }

    @Test("Charges and history have a BRIN index on their time", .database)
    func timesHaveABlockRangeIndex() async throws {
        let indexes = try await database.session.texts(
            "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE indexdef ~ 'USING brin' ORDER BY 1")
        #expect(
            indexes == [
                "charge charge_received_on_idx", "charge_history charge_history_made_on_idx",
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
        try await failure(of: sql, by: applicationParameters)
    }

    /// The failure of a statement of the administration's login; `nil` if it succeeds.
    func administrationFailure(_ sql: String) async throws -> String? {
        try await failure(of: sql, by: administrationParameters)
    }

    private func failure(of sql: String, by parameters: ConnectionParameters) async throws -> String? {
        let session = TestSession(parameters)
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
