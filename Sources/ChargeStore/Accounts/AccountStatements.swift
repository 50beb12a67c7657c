import Authentication
import Charges
import LibPQ

// The statements of `PostgresAccountAdministration`. Each calls a function of the database with the acting user; the row
// of a change is the refusal, or nothing.

/// A change with the user who makes it.
struct ActingChange<Change: Sendable>: Sendable {
    let acting: ActingUser
    let change: Change
}

extension SQL {
    /// The acting user as a value of the database's type.
    fileprivate static func actingUser<Change>() -> SQL where Input == ActingChange<Change> {
        """
        ROW(
            \(\.acting.operatorIdentifier), \(\.acting.username), \(\.acting.tokenGeneration.ofOperator),
            \(\.acting.tokenGeneration.ofLogin), \(\.acting.address)
        )::countersign.acting_user
        """
    }
}

/// A user or a key of an operator, or the refusal to list them.
struct LoginRow: Sendable {
    let refusal: AccountRefusal?
    let isKey: Bool
    let login: OperatorLogins.Login
}

extension Statement where Input == ActingChange<Void>, Row == LoginRow {
    static let accountsInConsole = Statement(
        "accounts_in_console",
        """
        SELECT refusal, is_key, name, role, created_on, ended_on
        FROM countersign.accounts_in_console(\(SQL.actingUser()))
        """,
        decode: { row throws(PostgresError) in
            LoginRow(
                refusal: try row.next(), isKey: try row.next(),
                login: OperatorLogins.Login(
                    name: try row.next(), role: try row.next(), createdOn: try row.next(),
                    endedOn: try row.next()))
        })
}

extension Statement where Input == ActingChange<NewUser>, Row == AccountRefusal? {
    static let addUserInConsole = Statement(
        "add_user_in_console",
        """
        SELECT countersign.add_user_in_console(
            \(SQL.actingUser()), \(\.change.username), \(\.change.passwordHash), \(\.change.role))
        """)
}

extension Statement where Input == ActingChange<LoginRole>, Row == AccountRefusal? {
    static let setUserRoleInConsole = Statement(
        "set_user_role_in_console",
        """
        SELECT countersign.set_user_role_in_console(
            \(SQL.actingUser()), \(\.change.name), \(\.change.role))
        """)

    static let setKeyRoleInConsole = Statement(
        "set_key_role_in_console",
        """
        SELECT countersign.set_key_role_in_console(
            \(SQL.actingUser()), \(\.change.name), \(\.change.role))
        """)
}

extension Statement where Input == ActingChange<UserSuspension>, Row == AccountRefusal? {
    static let setUserSuspensionInConsole = Statement(
        "set_user_suspension_in_console",
        """
        SELECT countersign.set_user_suspension_in_console(
            \(SQL.actingUser()), \(\.change.username), \(\.change.isSuspended))
        """)
}

extension Statement where Input == ActingChange<UserPassword>, Row == AccountRefusal? {
    static let setUserPasswordInConsole = Statement(
        "set_user_password_in_console",
        """
        SELECT countersign.set_user_password_in_console(
            \(SQL.actingUser()), \(\.change.username), \(\.change.passwordHash))
        """)
}

/// The acting user's own new password.
struct OwnPassword: Sendable {
    let verifiedHash: String
    let passwordHash: String
}

extension Statement where Input == ActingChange<OwnPassword>, Row == AccountRefusal? {
    static let setOwnPasswordInConsole = Statement(
        "set_own_password_in_console",
        """
        SELECT countersign.set_own_password_in_console(
            \(SQL.actingUser()), \(\.change.verifiedHash), \(\.change.passwordHash))
        """)
}

extension Statement where Input == ActingChange<NewKey>, Row == AccountRefusal? {
    static let addKeyInConsole = Statement(
        "add_key_in_console",
        """
        SELECT countersign.add_key_in_console(
            \(SQL.actingUser()), \(\.change.name), \(\.change.hash), \(\.change.role))
        """)
}

extension Statement where Input == ActingChange<String>, Row == AccountRefusal? {
    static let revokeUserTokensInConsole = Statement(
        "revoke_user_tokens_in_console",
        "SELECT countersign.revoke_user_tokens_in_console(\(SQL.actingUser()), \(\.change))")

    static let revokeKeyInConsole = Statement(
        "revoke_key_in_console",
        "SELECT countersign.revoke_key_in_console(\(SQL.actingUser()), \(\.change))")
}

extension OperatorSettingsChange {
    /// The status as the database's function takes it: nothing leaves it as it is, an empty text to the node's setting.
    fileprivate var errorHTTPStatus: String? { errorStatusPolicy.map { $0?.rawValue ?? "" } }
    fileprivate var repeatedDecision: String? { repeatedDecisionsSucceed.map { $0 ? "success" : "failure" } }
}

extension Statement where Input == ActingChange<OperatorSettingsChange>, Row == AccountRefusal? {
    static let changeSettingsInConsole = Statement(
        "change_settings_in_console",
        """
        SELECT countersign.change_settings_in_console(
            \(SQL.actingUser()), \(\.change.zone), \(\.change.errorHTTPStatus), \(\.change.repeatedDecision))
        """)
}

/// An operator, to be read alone.
struct OperatorKey: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
}

extension Statement where Input == OperatorKey, Row == OperatorSettings {
    static let operatorSettings = Statement(
        "operator_settings",
        """
        SELECT
            own.currency, own.undecided_policy, extract(epoch FROM own.undecided_window)::bigint, own.zone,
            own.error_http_status, own.repeated_decision = 'success'
        FROM countersign.operator AS own
        WHERE own.operator_id = \(\.operatorIdentifier)
        """,
        row: OperatorSettings.init)
}
