package import Authentication
package import Charges
import LibPQ

extension AdministrationSession {
    /// Adds a user of an operator.
    ///
    /// - Parameters:
    ///   - username: 1 to 128 characters, no control characters, not beginning with `key:`, unlike every other user's of the operator.
    ///   - passwordHash: The password's hash; never the password itself.
    ///   - role: `nil` makes the operator's first user an administrator, and later ones deciders.
    /// - Returns: The user's role.
    @discardableResult
    package func addUser(operatorCode: String, username: String, passwordHash: String, role: Role? = nil)
        throws(AdministrationFailure) -> Role
    {
        guard (1...128).contains(username.unicodeScalars.count),
            !username.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw AdministrationFailure(
                "a user's name must be 1 to 128 characters without control characters")
        }
        // The names of keys begin with it, in tokens and in the history.
        guard !username.utf8.starts(with: "key:".utf8) else {
            throw AdministrationFailure("a user's name must not begin with key:")
        }
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = NewUser(
            operatorIdentifier: operatorIdentifier, username: username, passwordHash: passwordHash,
            role: role?.rawValue)
        guard let added = try change(.addUser, input, doing: "adding the user").first else {
            throw AdministrationFailure("operator \(operatorCode) already has a user \(username)")
        }
        return added
    }

    /// Reads the identifier of the operator with this code.
    func operatorIdentifier(code: String) throws(AdministrationFailure) -> OperatorIdentifier {
        guard
            let account = try run(.operatorAccount, ExactText(code), doing: "looking for the operator").first
        else {
            throw AdministrationFailure("operator \(code) does not exist")
        }
        return account.identifier
    }
}

struct NewUser: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let username: String
    let passwordHash: String
    let role: String?
}

extension Statement where Input == NewUser, Row == Role {
    static let addUser = Statement(
        "add_user",
        """
        INSERT INTO countersign.operator_user (operator_id, username, password_hash, role)
        SELECT
            \(\.operatorIdentifier), \(\.username), \(\.passwordHash),
            coalesce(\(\.role), CASE WHEN EXISTS (
                SELECT FROM countersign.operator_user WHERE operator_id = \(\.operatorIdentifier)
            ) THEN 'decider' ELSE 'administrator' END)
        ON CONFLICT (operator_id, username) DO NOTHING
        RETURNING role
        """,
        decode: { row throws(PostgresError) in try row.nextRole() })
}

/// A user or a key as the commands list it.
package struct LoginOverview: Sendable {
    package let operatorCode: String
    package let name: String
    package let role: String
    package let createdOn: Timestamp
    /// The time at which the user was suspended, or the key revoked.
    package let endedOn: Timestamp?
}

extension AdministrationSession {
    /// Reads the users of an operator, or of all operators.
    package func users(operatorCode: String?) throws(AdministrationFailure) -> [LoginOverview] {
        if let operatorCode { _ = try operatorIdentifier(code: operatorCode) }
        return try run(.users, operatorCode, doing: "listing the users")
    }

    /// Sets a user's password, which revokes the tokens that the user got by the old one.
    package func setPassword(operatorCode: String, username: String, passwordHash: String)
        throws(AdministrationFailure)
    {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = NewUser(
            operatorIdentifier: operatorIdentifier, username: username, passwordHash: passwordHash,
            role: nil)
        guard try !change(.setPassword, input, doing: "changing the password").isEmpty else {
            throw AdministrationFailure("operator \(operatorCode) has no user \(username)")
        }
    }

    /// Suspends a user, which revokes all its tokens; or ends the suspension, which makes none of them valid again.
    ///
    /// - Returns: Whether the suspension changed.
    package func setSuspension(operatorCode: String, username: String, _ isSuspended: Bool)
        throws(AdministrationFailure) -> Bool
    {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = UserSuspension(
            operatorIdentifier: operatorIdentifier, username: username, isSuspended: isSuspended)
        let doing = isSuspended ? "suspending the user" : "resuming the user"
        guard let changed = try change(.setUserSuspension, input, doing: doing).first else {
            throw AdministrationFailure("operator \(operatorCode) has no user \(username)")
        }
        return changed
    }

    /// Changes a user's role, which revokes all its tokens.
    ///
    /// - Returns: Whether the role changed.
    package func setRole(operatorCode: String, username: String, _ role: Role)
        throws(AdministrationFailure) -> Bool
    {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = LoginRole(operatorIdentifier: operatorIdentifier, name: username, role: role.rawValue)
        guard let changed = try change(.setUserRole, input, doing: "changing the user's role").first else {
            throw AdministrationFailure("operator \(operatorCode) has no user \(username)")
        }
        return changed
    }

    /// Whether the operator has a user that is an administrator and not suspended.
    package func hasAdministrator(operatorCode: String) throws(AdministrationFailure) -> Bool {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        return try run(.hasAdministrator, operatorIdentifier, doing: "looking for administrators").first
            == true
    }
}

/// The new role of a user or a key.
struct LoginRole: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let name: String
    let role: String
}

struct UserSuspension: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let username: String
    let isSuspended: Bool
}

extension Statement where Input == String?, Row == LoginOverview {
    static let users = Statement(
        "users",
        """
        SELECT
            operator.code, operator_user.username, operator_user.role, operator_user.created_on,
            operator_user.suspended_on
        FROM countersign.operator
        JOIN countersign.operator_user USING (operator_id)
        WHERE \(\.self) IS NULL OR operator.code = \(\.self)
        ORDER BY operator.code, operator_user.username
        """,
        row: LoginOverview.init)
}

extension Statement where Input == NewUser, Row == String {
    static let setPassword = Statement(
        "set_password",
        """
        UPDATE countersign.operator_user SET password_hash = \(\.passwordHash)
        WHERE operator_id = \(\.operatorIdentifier) AND username = \(\.username)
        RETURNING username
        """)
}

extension Statement where Input == UserSuspension, Row == Bool {
    /// Suspends a user or ends the suspension. It returns a row if the user exists: whether it was changed.
    static let setUserSuspension = Statement(
        "set_user_suspension",
        """
        WITH changed AS (
            UPDATE countersign.operator_user
            SET suspended_on = CASE WHEN \(\.isSuspended) THEN clock_timestamp() END
            WHERE operator_id = \(\.operatorIdentifier) AND username = \(\.username)
                AND (suspended_on IS NOT NULL) <> \(\.isSuspended)
            RETURNING username
        )
        SELECT EXISTS (SELECT FROM changed)
        FROM countersign.operator_user
        WHERE operator_id = \(\.operatorIdentifier) AND username = \(\.username)
        """)
}

extension Statement where Input == LoginRole, Row == Bool {
    /// Changes a user's role. It returns a row if the user exists: whether it was changed.
    static let setUserRole = Statement(
        "set_user_role",
        """
        WITH changed AS (
            UPDATE countersign.operator_user SET role = \(\.role)
            WHERE operator_id = \(\.operatorIdentifier) AND username = \(\.name) AND role <> \(\.role)
            RETURNING username
        )
        SELECT EXISTS (SELECT FROM changed)
        FROM countersign.operator_user
        WHERE operator_id = \(\.operatorIdentifier) AND username = \(\.name)
        """)
}

extension Statement where Input == OperatorIdentifier, Row == Bool {
    static let hasAdministrator = Statement(
        "has_administrator",
        """
        SELECT EXISTS (
            SELECT FROM countersign.operator_user
            WHERE operator_id = \(\.self) AND role = 'administrator' AND suspended_on IS NULL
        )
        """)
}
