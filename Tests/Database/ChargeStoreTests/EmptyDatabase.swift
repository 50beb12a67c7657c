import ChargeStore
import Foundation
import LibPQ
import TestSupport

/// Runs a body with a database of the test's own that has nothing in it, and drops it.
///
/// - Parameters:
///   - options: What `CREATE DATABASE` takes after the name.
///   - body: A body that takes a superuser's session and the database's connection string.
func withEmptyDatabase(
    _ options: String = "", _ body: (TestSession, String) async throws -> Void
) async throws {
    let administrator = TestSession(TestServer.shared.connectionParameters(database: "postgres"))
    let name = "empty_\(UInt64.random(in: 0 ... .max))"
    try await administrator.execute("CREATE DATABASE \(name) \(options)")
    let parameters = TestServer.shared.connectionParameters(database: name)
    let session = TestSession(parameters)
    try await body(session, parameters.connectionString)
    await session.close()
    try await administrator.execute("DROP DATABASE \(name) WITH (FORCE)")
    await administrator.close()
}

/// Migrates a database as `countersign migrate` does.
@discardableResult
func migrate(_ database: String, _ migrations: [Migration] = Migration.all) throws -> MigrationSummary {
    let session = try AdministrationSession(database: database)
    defer { session.close() }
    return try session.migrate(migrations)
}

/// The failure of a migration, one line; `nil` if it succeeds.
func refusalToMigrate(_ database: String) -> String? {
    do {
        try migrate(database)
        return nil
    } catch {
        return "\(error)"
    }
}

/// Runs a body that blocks, on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
