package import Authentication
package import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// The administration of an operator's accounts on PostgreSQL, by functions that run with their owner's rights and check
/// the acting user (`sql/migrations/0015_activity.sql`). A node's login has no right on accounts.
package struct PostgresAccountAdministration: AccountAdministration {
    let pool: ConnectionPool<StoreConnection>
    let reader: QueryRunner
    let logger: Logger

    package func accounts(by acting: ActingUser, deadline: ContinuousClock.Instant)
        async throws(AccountFailure) -> OperatorLogins
    {
        let rows = try await run(.accountsInConsole, (), by: acting, deadline: deadline)
        if let refusal = rows.first?.refusal { throw .refused(refusal) }
        return OperatorLogins(
            users: rows.filter { !$0.isKey }.map(\.login), keys: rows.filter(\.isKey).map(\.login))
    }

    package func addUser(
        _ username: String, passwordHash: String, role: Role, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard AccountNameRule.isUsername(username) else { throw .refused(.invalidName) }
        try await change(
            .addUserInConsole,
            NewUser(
                operatorIdentifier: acting.operatorIdentifier, username: username, passwordHash: passwordHash,
                role: role),
            by: acting, deadline: deadline)
    }

    package func setRole(
        ofUser username: String, to role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard AccountNameRule.isUsername(username) else { throw .refused(.noSuchUser) }
        try await change(
            .setUserRoleInConsole,
            LoginRole(operatorIdentifier: acting.operatorIdentifier, name: username, role: role),
            by: acting, deadline: deadline)
    }

    package func setSuspension(
        ofUser username: String, to isSuspended: Bool, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard AccountNameRule.isUsername(username) else { throw .refused(.noSuchUser) }
        try await change(
            .setUserSuspensionInConsole,
            UserSuspension(
                operatorIdentifier: acting.operatorIdentifier, username: username, isSuspended: isSuspended),
            by: acting, deadline: deadline)
    }

    package func setPassword(
        ofUser username: String, toHash passwordHash: String, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard AccountNameRule.isUsername(username) else { throw .refused(.noSuchUser) }
        try await change(
            .setUserPasswordInConsole,
            UserPassword(
                operatorIdentifier: acting.operatorIdentifier, username: username, passwordHash: passwordHash),
            by: acting, deadline: deadline)
    }

    package func setOwnPassword(
        toHash passwordHash: String, verifiedHash: String, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try await change(
            .setOwnPasswordInConsole, OwnPassword(verifiedHash: verifiedHash, passwordHash: passwordHash),
            by: acting, deadline: deadline)
    }

    package func revokeTokens(
        ofUser username: String, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard AccountNameRule.isUsername(username) else { throw .refused(.noSuchUser) }
        try await change(.revokeUserTokensInConsole, username, by: acting, deadline: deadline)
    }

    package func addKey(
        _ name: String, hash: [UInt8], role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard AccountNameRule.isKeyName(name) else { throw .refused(.invalidName) }
        try await change(
            .addKeyInConsole,
            NewKey(operatorIdentifier: acting.operatorIdentifier, name: name, hash: hash, role: role),
            by: acting, deadline: deadline)
    }

    package func setRole(
        ofKey name: String, to role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard AccountNameRule.isKeyName(name) else { throw .refused(.noSuchKey) }
        try await change(
            .setKeyRoleInConsole,
            LoginRole(operatorIdentifier: acting.operatorIdentifier, name: name, role: role),
            by: acting, deadline: deadline)
    }

    package func revokeKey(_ name: String, by acting: ActingUser, deadline: ContinuousClock.Instant)
        async throws(AccountFailure)
    {
        guard AccountNameRule.isKeyName(name) else { throw .refused(.noSuchKey) }
        try await change(.revokeKeyInConsole, name, by: acting, deadline: deadline)
    }

    package func settings(of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant)
        async throws(AccountFailure) -> OperatorSettings?
    {
        do {
            return try await reader.operatorRows(
                .operatorSettings, OperatorKey(operatorIdentifier: operatorIdentifier), deadline: deadline,
                share: .operator(operatorIdentifier.value)
            ).first
        } catch {
            throw .request(error)
        }
    }

    package func change(
        settings: OperatorSettingsChange, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        guard settings.zone?.utf8.contains(0) != true else { throw .refused(.unknownZone) }
        try await change(.changeSettingsInConsole, settings, by: acting, deadline: deadline)
    }

    /// Makes a change, or throws what the database refuses.
    private func change<Change: Sendable>(
        _ statement: Statement<ActingChange<Change>, AccountRefusal?>, _ change: Change,
        by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        if let refusal = try await run(statement, change, by: acting, deadline: deadline).first ?? nil {
            throw .refused(refusal)
        }
    }

    private func run<Change: Sendable, Row: Sendable>(
        _ statement: Statement<ActingChange<Change>, Row>, _ change: Change, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) -> [Row] {
        // A name with U+0000 is no user's.
        guard !acting.username.utf8.contains(0) else { throw .refused(.loginEnded) }
        do {
            return try await pool.change(
                statement, ActingChange(acting: acting, change: change), doing: "administering accounts",
                deadline: deadline,
                share: .operator(acting.operatorIdentifier.value), logger: logger)
        } catch {
            throw .request(error)
        }
    }
}
