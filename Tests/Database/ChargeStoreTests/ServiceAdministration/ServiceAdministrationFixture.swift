import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

extension TestDatabase {
    /// Adds administrators of the service, as the command does. The hash of a password is `hash of NAME`.
    func addAdministrators(_ names: String...) async throws {
        let connectionString = administrationConnectionString
        try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            for name in names { try session.addAdministrator(name, passwordHash: "hash of \(name)") }
        }
    }

    /// The administrator with the generation of its tokens as it is now.
    func actingAdministrator(_ name: String) async throws -> ActingAdministrator {
        let generation = try await session.count(
            "SELECT token_generation FROM countersign.administrator WHERE name = '\(name)'")
        return ActingAdministrator(name: name, tokenGeneration: generation, address: "192.0.2.1")
    }

    /// Runs a body with the store of a node that has the connections of `/admin`.
    func withAdministrationStore(_ body: (Store) async throws -> Void) async throws {
        try await withStore(
            configure: {
                $0.administrationDatabase = administrationConnectionString
                $0.reportingDatabase = reportingConnectionString
            }, body)
    }
}

extension ServiceAdministrationRefusal {
    /// The refusal of a body; `nil` if it is not refused.
    static func of(_ body: () async throws(ServiceAdministrationFailure) -> Void) async
        -> ServiceAdministrationRefusal?
    {
        do throws(ServiceAdministrationFailure) {
            try await body()
            return nil
        } catch {
            guard case .refused(let refusal) = error else {
                Issue.record("\(error)")
                return nil
            }
            return refusal
        }
    }
}
