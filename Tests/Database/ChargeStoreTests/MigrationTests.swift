import ChargeStore
import TestSupport
import Testing

/// Tests of what `countersign migrate` does, and what it refuses.
@Suite struct MigrationTests {
    @Test("A second run of migrate applies nothing")
    func aSecondRunFindsNothingToDo() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            #expect(try migrate(database).applied == Migration.all.map(\.name))
            #expect(try migrate(database).applied == [])
            #expect(try await session.count("SELECT count(*) FROM countersign.signing_key") == 1)
        }
    }

    @Test("Of eight concurrent runs of migrate one applies the migrations")
    func ofManyAtOnceOneApplies() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            let counts = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { try await onThread { try migrate(database).applied.count } }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.sorted() == Array(repeating: 0, count: 7) + [Migration.all.count])
        }
    }

    @Test("A schema of another origin is refused and left unchanged")
    func aForeignSchemaIsRefused() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            try await session.execute("CREATE SCHEMA countersign; CREATE TABLE countersign.charge (id int)")
            #expect(refusalToMigrate(database)?.contains("is not Countersign's") == true)
            #expect(
                try await session.count("SELECT count(*) FROM pg_tables WHERE schemaname = 'countersign'")
                    == 1)
        }
    }

    @Test("An edited migration is refused")
    func anEditedMigrationIsRefused() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            _ = try migrate(database)
            try await session.execute(
                "UPDATE countersign.migration SET checksum = sha256('other') WHERE number = 2")
            #expect(refusalToMigrate(database)?.contains("migration 2 (operators)") == true)
        }
    }

    @Test("A later schema is left unchanged, and served while it admits this build")
    func aLaterSchemaIsLeftAloneAndServedAsLongAsItAdmitsThisBuild() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            _ = try migrate(database)
            try await session.execute(
                """
                INSERT INTO countersign.migration (number, name, checksum, oldest_build)
                VALUES (9999, 'later', sha256('later'), \(Build.number))
                """)
            #expect(try migrate(database).version == 9999)
            try await session.execute(
                "UPDATE countersign.migration SET oldest_build = \(Build.number + 1) WHERE number = 9999")
            #expect(refusalToMigrate(database)?.contains("upgrade this node") == true)
        }
    }

    @Test(
        "The first user of each operator that has users becomes its administrator, and tokens of before stay")
    func rolesOfUsersThatAreThere() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            _ = try migrate(database, Array(Migration.all.prefix { $0.name != "roles" }))
            try await session.execute(
                """
                INSERT INTO countersign.operator (operator_id, code, currency)
                OVERRIDING SYSTEM VALUE VALUES (1, 'ACME', 'EUR'), (2, 'GLOBEX', 'EUR'), (3, 'EMPTY', 'EUR');
                INSERT INTO countersign.operator_user (operator_id, username, password_hash, created_on)
                VALUES (1, 'anna', 'x', '2026-01-02'), (1, 'zoe', 'x', '2026-01-01'),
                    (2, 'gina', 'x', '2026-01-01'), (2, 'bob', 'x', '2026-01-01')
                """)
            #expect(try migrate(database).applied.first == "roles")
            let roles = try await session.texts(
                """
                SELECT operator_id || ' ' || username || ' ' || role || ' ' || token_generation
                FROM countersign.operator_user ORDER BY operator_id, username
                """)
            #expect(
                roles == [
                    "1 anna decider 1", "1 zoe administrator 1", "2 bob administrator 1", "2 gina decider 1",
                ])
        }
    }
}
