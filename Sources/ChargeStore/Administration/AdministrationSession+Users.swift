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
        guard AccountNameRule.isUsername(username) else {
            throw AdministrationFailure(
                "a user's name must be 1 to 128 characters without control characters, and must not begin with key:"
            )
        }
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = NewUser(
            operatorIdentifier: operatorIdentifier, username: username, passwordHash: passwordHash, role: role
        )
        guard let added = try change(.addUser, input, doing: "adding the user").first ?? nil else {
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
    let role: Role?
}

extension Statement where Input == NewUser, Row == Role? {
    /// Adds a user. The row is its role; nothing if the name is taken.
    static let addUser = Statement(
        "add_user",
        """
        SELECT countersign.add_user(
            \(\.operatorIdentifier), \(\.username), \(\.passwordHash), \(\.role))
        """)
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
        let input = UserPassword(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), username: username,
            passwordHash: passwordHash)
        _ = try changeUser(
            .setUserPassword, input, of: operatorCode, username, doing: "changing the password")
    }

    /// Suspends a user, which revokes all its tokens; or ends the suspension, which makes none of them valid again.
    ///
    /// - Returns: Whether the suspension changed.
    package func setSuspension(operatorCode: String, username: String, _ isSuspended: Bool)
        throws(AdministrationFailure) -> Bool
    {
        let input = UserSuspension(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), username: username,
            isSuspended: isSuspended)
        return try changeUser(
            .setUserSuspension, input, of: operatorCode, username,
            doing: isSuspended ? "suspending the user" : "resuming the user")
    }

    /// Changes a user's role, which revokes all its tokens.
    ///
    /// - Returns: Whether the role changed.
    package func setRole(operatorCode: String, username: String, _ role: Role)
        throws(AdministrationFailure) -> Bool
    {
        let input = LoginRole(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), name: username, role: role)
        return try changeUser(
            .setUserRole, input, of: operatorCode, username, doing: "changing the user's role")
    }

    private func changeUser<Input>(
        _ statement: Statement<Input, Bool?>, _ input: Input, of operatorCode: String, _ username: String,
        doing purpose: String
    ) throws(AdministrationFailure) -> Bool {
        guard let changed = try change(statement, input, doing: purpose).first ?? nil else {
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
    let role: Role
}

struct UserSuspension: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let username: String
    let isSuspended: Bool
}

struct UserPassword: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let username: String
    let passwordHash: String
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

// The row of each change is whether it changed anything; nothing if there is no such user.

extension Statement where Input == UserPassword, Row == Bool? {
    static let setUserPassword = Statement(
        "set_user_password",
        "SELECT countersign.set_user_password(\(\.operatorIdentifier), \(\.username), \(\.passwordHash))")
}

extension Statement where Input == UserSuspension, Row == Bool? {
    static let setUserSuspension = Statement(
        "set_user_suspension",
        "SELECT countersign.set_user_suspension(\(\.operatorIdentifier), \(\.username), \(\.isSuspended))")
}

extension Statement where Input == LoginRole, Row == Bool? {
    static let setUserRole = Statement(
        "set_user_role",
        "SELECT countersign.set_user_role(\(\.operatorIdentifier), \(\.name), \(\.role))")
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
