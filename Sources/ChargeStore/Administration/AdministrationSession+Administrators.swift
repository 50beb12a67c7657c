package import Authentication
import Charges
import LibPQ

extension AdministrationSession {
    /// Adds an administrator of the service.
    ///
    /// - Parameters:
    ///   - name: 1 to 128 characters without control characters, unlike every other administrator's.
    ///   - passwordHash: The password's hash; never the password itself.
    package func addAdministrator(_ name: String, passwordHash: String) throws(AdministrationFailure) {
        guard AccountNameRule.isAdministratorName(name) else {
            throw AdministrationFailure(
                "an administrator's name must be 1 to 128 characters without control characters")
        }
        let input = AdministratorPassword(name: name, passwordHash: passwordHash)
        guard try !change(.addAdministrator, input, doing: "adding the administrator").isEmpty else {
            throw AdministrationFailure("administrator \(name) already exists")
        }
    }

    /// Reads the administrators of the service, by name.
    package func administrators() throws(AdministrationFailure) -> [AdministratorSummary] {
        try run(.administrators, (), doing: "listing the administrators")
    }

    /// Sets the password of an administrator of the service, which ends its sessions.
    package func setPassword(ofAdministrator name: String, passwordHash: String)
        throws(AdministrationFailure)
    {
        let input = AdministratorPassword(name: name, passwordHash: passwordHash)
        guard try !change(.setAdministratorPassword, input, doing: "changing the password").isEmpty else {
            throw Self.noSuchAdministrator(name)
        }
    }

    /// Suspends an administrator of the service, also the last one, which ends its sessions; or ends the suspension.
    ///
    /// - Returns: Whether the suspension changed.
    package func setSuspension(ofAdministrator name: String, _ isSuspended: Bool)
        throws(AdministrationFailure) -> Bool
    {
        let input = AdministratorSuspension(name: name, isSuspended: isSuspended, keepsLast: false)
        let rows = try change(
            .setAdministratorSuspension, input,
            doing: isSuspended ? "suspending the administrator" : "resuming the administrator")
        guard let changed = rows.first else { throw Self.noSuchAdministrator(name) }
        return changed == .changed
    }

    private static func noSuchAdministrator(_ name: String) -> AdministrationFailure {
        AdministrationFailure("administrator \(name) does not exist")
    }
}

/// An administrator of the service with a new password.
struct AdministratorPassword: Sendable {
    let name: String
    let passwordHash: String
}

extension Statement where Input == AdministratorPassword, Row == Bool {
    static let addAdministrator = Statement(
        "add_administrator",
        """
        INSERT INTO countersign.administrator (name, password_hash) VALUES (\(\.name), \(\.passwordHash))
        ON CONFLICT (name) DO NOTHING
        RETURNING true
        """)

    static let setAdministratorPassword = Statement(
        "set_administrator_password",
        """
        UPDATE countersign.administrator SET password_hash = \(\.passwordHash) WHERE name = \(\.name)
        RETURNING true
        """)
}

extension Statement where Input == Void, Row == AdministratorSummary {
    static let administrators = Statement(
        "administrators",
        "SELECT name, created_on, suspended_on FROM countersign.administrator ORDER BY name",
        row: AdministratorSummary.init)
}

/// An administrator of the service with the suspension that it is to have.
struct AdministratorSuspension: Sendable {
    let name: String
    let isSuspended: Bool
    /// Whether the last active administrator stays active.
    let keepsLast: Bool

    /// What became of it.
    enum Outcome: String, PostgresCodable, Sendable {
        case changed
        case unchanged
        case refused
    }
}

extension Statement where Input == AdministratorSuspension, Row == AdministratorSuspension.Outcome {
    /// Suspends or resumes an administrator. There is no row if there is none of the name.
    static let setAdministratorSuspension = Statement(
        "set_administrator_suspension",
        """
        WITH known AS (
            SELECT
                name, (suspended_on IS NOT NULL) <> \(\.isSuspended) AS changes,
                \(\.keepsLast) AND \(\.isSuspended) AND countersign.is_last_active_administrator(name) AS is_refused
            FROM countersign.administrator WHERE name = \(\.name)
        ),
        changed AS (
            UPDATE countersign.administrator
            SET suspended_on = CASE WHEN \(\.isSuspended) THEN clock_timestamp() END
            FROM known
            WHERE administrator.name = known.name AND known.changes AND NOT known.is_refused
            RETURNING 1
        )
        SELECT CASE
            WHEN EXISTS (SELECT FROM changed) THEN 'changed'
            WHEN is_refused THEN 'refused'
            ELSE 'unchanged'
        END
        FROM known
        """)
}
