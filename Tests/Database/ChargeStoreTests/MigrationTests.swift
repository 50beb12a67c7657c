import ChargeStore
import Charges
import Foundation
import LibPQ
import TestSupport
import Testing

/// Tests of what `countersign migrate` does, and what it refuses.
@Suite struct MigrationTests {
    /// Runs a body with an empty database of the test's own.
    private func withEmptyDatabase(_ body: (TestSession, String) async throws -> Void) async throws {
        let administrator = TestSession(TestServer.shared.connectionParameters(database: "postgres"))
        let name = "empty_\(UInt64.random(in: 0 ... .max))"
        try await administrator.execute("CREATE DATABASE \(name)")
        let parameters = TestServer.shared.connectionParameters(database: name)
        let session = TestSession(parameters)
        try await body(session, parameters.connectionString)
        await session.close()
        try await administrator.execute("DROP DATABASE \(name) WITH (FORCE)")
        await administrator.close()
    }

    @Test("A second run of migrate applies nothing")
    func aSecondRunFindsNothingToDo() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            #expect(try Self.migrate(database).applied == Migration.all.map(\.name))
            #expect(try Self.migrate(database).applied == [])
            #expect(try await session.count("SELECT count(*) FROM countersign.signing_key") == 1)
        }
    }

    @Test("Of eight concurrent runs of migrate one applies the migrations")
    func ofManyAtOnceOneApplies() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            let counts = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { try await onThread { try Self.migrate(database).applied.count } }
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
            #expect(Self.refusal(database)?.contains("is not Countersign's") == true)
            #expect(
                try await session.count("SELECT count(*) FROM pg_tables WHERE schemaname = 'countersign'")
                    == 1)
        }
    }

    @Test("An edited migration is refused")
    func anEditedMigrationIsRefused() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            _ = try Self.migrate(database)
            try await session.execute(
                "UPDATE countersign.migration SET checksum = sha256('other') WHERE number = 2")
            #expect(Self.refusal(database)?.contains("migration 2 (operators)") == true)
        }
    }

    @Test("A later schema is left unchanged, and served while it admits this build")
    func aLaterSchemaIsLeftAloneAndServedAsLongAsItAdmitsThisBuild() async throws {
        try await withEmptyDatabase { (session: TestSession, database: String) async throws in
            _ = try Self.migrate(database)
            try await session.execute(
                """
                INSERT INTO countersign.migration (number, name, checksum, oldest_build)
                VALUES (9999, 'later', sha256('later'), \(Build.number))
                """)
            #expect(try Self.migrate(database).version == 9999)
            try await session.execute(
                "UPDATE countersign.migration SET oldest_build = \(Build.number + 1) WHERE number = 9999")
            #expect(Self.refusal(database)?.contains("upgrade this node") == true)
        }
    }

    private static func migrate(_ database: String) throws -> MigrationSummary {
        let session = try AdministrationSession(database: database)
        defer { session.close() }
        return try session.migrate()
    }

    private static func refusal(_ database: String) -> String? {
        do {
            _ = try migrate(database)
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// Runs a body that blocks, on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
