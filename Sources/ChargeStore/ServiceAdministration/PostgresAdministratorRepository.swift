package import Authentication
package import Charges
import ConnectionPool
import LibPQ
import Logging

/// The repository of the service's administrators on PostgreSQL, for signing in and out. A node's login may do no more.
package struct PostgresAdministratorRepository: AdministratorRepository {
    let pool: ConnectionPool<StoreConnection>
    let reader: QueryRunner
    let logger: Logger

    package func administrator(named name: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> AdministratorAccount?
    {
        guard !name.containsNul else { return nil }
        // Administrators are never deleted: a missing one needs no proof, and guessing names costs no commit.
        guard try await !reader.rows(.administratorAccount, name, deadline: deadline).isEmpty else {
            return nil
        }
        return try await reader.replicatedRows(.administratorAccount, name, deadline: deadline).first
    }

    package func revokeTokens(of name: ExactText, generation: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
    {
        guard !name.containsNul else { return }
        _ = try await pool.change(
            .signOutAdministrator, AdministratorGeneration(name: name, generation: generation),
            doing: "signing an administrator out", deadline: deadline, logger: logger)
    }

    package func recordSignIn(
        of name: String, from address: String, succeeded: Bool, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) {
        _ = try await pool.change(
            .recordAdministratorSignIn,
            AdministratorSignIn(
                name: name.utf8.contains(0) ? nil : name, address: address, succeeded: succeeded),
            doing: "recording a sign-in", deadline: deadline, logger: logger)
    }
}

extension Statement where Input == ExactText, Row == AdministratorAccount {
    static let administratorAccount = Statement(
        "administrator_account",
        """
        SELECT name, password_hash, suspended_on IS NOT NULL, token_generation
        FROM countersign.administrator WHERE name = \(\.self)
        """,
        row: AdministratorAccount.init)
}

/// An administrator with the generation of its tokens.
struct AdministratorGeneration: Sendable {
    let name: ExactText
    let generation: Int
}

extension Statement where Input == AdministratorGeneration, Row == Void {
    static let signOutAdministrator = Statement(
        "sign_out_administrator",
        "SELECT countersign.sign_out_administrator(\(\.name), \(\.generation)::bigint::integer)")
}

/// An attempt to sign in to `/admin`.
struct AdministratorSignIn: Sendable {
    /// `nil` if nobody can have the name.
    let name: String?
    let address: String
    let succeeded: Bool
}

extension Statement where Input == AdministratorSignIn, Row == Void {
    static let recordAdministratorSignIn = Statement(
        "record_administrator_sign_in",
        "SELECT countersign.record_administrator_sign_in(\(\.name), \(\.address), \(\.succeeded))")
}
