import Authentication
import ChargeStore
import Charges
import TestSupport

extension TestDatabase {
    /// Adds users of an operator with these roles, as the command does. The hash of a password is `hash of NAME`.
    func addUsers(_ roles: KeyValuePairs<String, Role>, operatorCode: String = "ACME") async throws {
        let connectionString = administrationConnectionString
        let users = roles.map { ($0.key, $0.value) }
        try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            for (name, role) in users {
                try session.addUser(
                    operatorCode: operatorCode, username: name, passwordHash: "hash of \(name)", role: role)
            }
        }
    }

    /// The user with its generations as they are now.
    func acting(_ username: String, of account: OperatorAccount = acme) async throws -> ActingUser {
        let generations = try await session.texts(
            """
            SELECT operator.token_generation || '.' || operator_user.token_generation
            FROM countersign.operator JOIN countersign.operator_user USING (operator_id)
            WHERE operator_id = \(account.identifier.value) AND username = '\(username)'
            """)
        return ActingUser(
            operatorIdentifier: account.identifier, username: username,
            tokenGeneration: TokenGeneration(text: generations[0]!)!, address: "192.0.2.1")
    }

    /// The activity that a body leaves, oldest first: `KIND CHANNEL ACTOR SUBJECT ADDRESS OLD > NEW`, with `-` for
    /// nothing.
    func activity(_ body: () async throws -> Void) async throws -> [String?] {
        let last = try await session.count(
            "SELECT coalesce(max(activity_number), 0) FROM countersign.activity")
        try await body()
        return try await session.texts(
            """
            SELECT concat_ws(' ', kind, channel, coalesce(actor, '-'), coalesce(subject, '-'), coalesce(address, '-'),
                coalesce(old_value, '-'), '>', coalesce(new_value, '-'))
            FROM countersign.activity WHERE activity_number > \(last) ORDER BY activity_number
            """)
    }
}
