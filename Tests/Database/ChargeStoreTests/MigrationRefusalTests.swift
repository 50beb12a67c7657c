import ChargeStore
import TestSupport
import Testing

/// Tests of the databases that `countersign migrate` refuses before it applies anything.
@Suite struct MigrationRefusalTests {
    /// A LATIN1 database cannot store most of Unicode, and a SQL_ASCII one stores bytes that it does not check.
    @Test(
        "A database in another encoding than UTF8 is refused and left unchanged",
        arguments: ["LATIN1", "SQL_ASCII"])
    func anotherEncodingIsRefused(encoding: String) async throws {
        try await withEmptyDatabase("ENCODING '\(encoding)' LOCALE 'C' TEMPLATE template0") {
            (session: TestSession, database: String) async throws in
            let refusal = refusalToMigrate(database)
            #expect(refusal?.contains("encoding is \(encoding)") == true, "\(refusal ?? "it was admitted")")
            #expect(try await Self.schemas(session) == ["public"])
        }
    }

    @Test("A schema reporting of another origin is refused, and no migration is applied")
    func aForeignReportingSchemaIsRefused() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            try await session.execute("CREATE SCHEMA reporting; CREATE TABLE reporting.charge (id int)")
            let refusal = refusalToMigrate(database)
            #expect(refusal?.contains("schema named reporting") == true, "\(refusal ?? "it was admitted")")
            #expect(try await Self.schemas(session) == ["public", "reporting"])
        }
    }

    private static func schemas(_ session: TestSession) async throws -> [String?] {
        try await session.texts(
            "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1"
        )
    }
}
