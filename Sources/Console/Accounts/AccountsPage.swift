import Authentication
import Charges
import HTTPFront

/// The users and keys of an operator, for its administrators. The database checks each change again.
struct AccountsPage: Page {
    let accounts: any AccountAdministration
    let hasher: PasswordHasher

    let path = "/accounts"
    let minimumRole = Role.administrator
    let formRole: Role? = .administrator

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        try await view(visit, AccountsForm())
    }

    func submit(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
        let form = try AccountsForm(fields)
        guard form.role != nil || !form.needsRole else {
            return try await view(visit, form, error: "Choose a role.")
        }
        if form.needsPassword, let fault = NewPassword.fault(form.password) {
            return try await view(visit, form, error: fault)
        }
        let key: String?
        do throws(AccountFailure) {
            key = try await change(form, visit)
        } catch {
            return try await view(visit, form, error: try error.refusal.description)
        }
        guard let key else { return View(seeOther: path) }
        return try await view(visit, AccountsForm(), newKey: (form.name, key))
    }

    func resume(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
        try await view(visit, try AccountsForm(fields))
    }

    /// Makes the change that a form asks for.
    ///
    /// - Returns: The new key, which is shown once.
    private func change(_ form: AccountsForm, _ visit: Visit) async throws(AccountFailure) -> String? {
        let acting = ActingUser(visit.principal, address: visit.request.address)
        let deadline = visit.deadline
        let role = form.role ?? .viewer
        switch form.action {
        case .addUser:
            let hash = try await hash(form, deadline)
            try await accounts.addUser(
                form.name, passwordHash: hash, role: role, by: acting, deadline: deadline)
        case .setPassword:
            let hash = try await hash(form, deadline)
            try await accounts.setPassword(
                ofUser: form.name, toHash: hash, by: acting, deadline: deadline)
        case .setUserRole:
            try await accounts.setRole(ofUser: form.name, to: role, by: acting, deadline: deadline)
        case .suspendUser, .resumeUser:
            try await accounts.setSuspension(
                ofUser: form.name, to: form.action == .suspendUser, by: acting, deadline: deadline)
        case .revokeTokens:
            try await accounts.revokeTokens(ofUser: form.name, by: acting, deadline: deadline)
        case .addKey:
            let key = APIKey()
            try await accounts.addKey(
                form.name, hash: key.hash, role: role, by: acting, deadline: deadline)
            return key.text
        case .setKeyRole:
            try await accounts.setRole(ofKey: form.name, to: role, by: acting, deadline: deadline)
        case .revokeKey: try await accounts.revokeKey(form.name, by: acting, deadline: deadline)
        case nil:
            throw .request(RequestFailure(.invalidParameter, "Choose what to change."))
        }
        return nil
    }

    private func hash(_ form: AccountsForm, _ deadline: ContinuousClock.Instant)
        async throws(AccountFailure) -> String
    {
        do throws(RequestFailure) {
            return try await hasher.hash(form.password, deadline: deadline).text
        } catch {
            throw .request(error)
        }
    }

    private func view(
        _ visit: Visit, _ form: AccountsForm, newKey: (name: String, text: String)? = nil,
        error: String? = nil
    ) async throws(RequestFailure) -> View {
        let logins: OperatorLogins
        do throws(AccountFailure) {
            logins = try await accounts.accounts(
                by: ActingUser(visit.principal, address: visit.request.address), deadline: visit.deadline)
        } catch {
            throw RequestFailure(.notPermitted, try error.refusal.description)
        }
        return View(
            .accounts, title: "Users and keys",
            AccountsView(logins, form, own: visit.principal.username, newKey: newKey, error: error))
    }
}

extension AccountFailure {
    /// The refusal, which a page tells.
    ///
    /// - Throws: The failure, if it is one of the service.
    var refusal: AccountRefusal {
        get throws(RequestFailure) {
            switch self {
            case .refused(let refusal): return refusal
            case .request(let failure): throw failure
            }
        }
    }
}

/// The rule for new passwords, as a page says it.
enum NewPassword {
    /// What is wrong with a new password; `nil` if nothing is.
    static func fault(_ password: String) -> String? {
        guard PasswordRule.isWellFormed(password) else {
            return "The password is too long, or has a character that it cannot have."
        }
        guard PasswordRule.isLongEnough(password) else {
            return "The password must have at least \(PasswordRule.minimumCharacters) characters."
        }
        return nil
    }
}

/// The forms of the page of accounts, which all go to it.
private struct AccountsForm {
    enum Action: String {
        case addUser = "add-user"
        case setPassword = "set-password"
        case setUserRole = "set-user-role"
        case suspendUser = "suspend-user"
        case resumeUser = "resume-user"
        case revokeTokens = "revoke-tokens"
        case addKey = "add-key"
        case setKeyRole = "set-key-role"
        case revokeKey = "revoke-key"
    }

    var action: Action?
    var name = ""
    /// The role; `nil` if the form has none, or no such role.
    var role: Role?
    var password = ""

    init() {}

    var needsPassword: Bool { action == .addUser || action == .setPassword }
    var needsRole: Bool { [.addUser, .setUserRole, .addKey, .setKeyRole].contains(action) }

    init(_ fields: FormFields) throws(RequestFailure) {
        action = try fields.text("action").flatMap(Action.init(rawValue:))
        name = try fields.value("name") ?? ""
        role = try fields.text("role").flatMap(Role.init(rawValue:))
        password = try fields.value("new_password") ?? ""
    }
}

/// The values of the page of accounts.
private struct AccountsView: Sendable {
    struct Choice: Sendable {
        let value: String
        let isChosen: Bool
    }

    struct Login: Sendable {
        let name: String
        let roles: [Choice]
        let createdOn: String
        let state: StateView
        let isActive: Bool
        let isOwn: Bool
    }

    struct NewKey: Sendable {
        let name: String
        let text: String
    }

    let users: [Login]
    let keys: [Login]
    let hasNoKeys: Bool
    let roles: [Choice]
    let userName: String
    let keyName: String
    let newKey: NewKey?
    let error: String?

    init(
        _ logins: OperatorLogins, _ form: AccountsForm, own: String, newKey: (name: String, text: String)?,
        error: String?
    ) {
        users = logins.users.map { Self.login($0, ended: "suspended", own: own) }
        keys = logins.keys.map { Self.login($0, ended: "revoked", own: "") }
        hasNoKeys = keys.isEmpty
        roles = Self.choices(form.role ?? .decider)
        userName = form.action == .addUser ? form.name : ""
        keyName = form.action == .addKey ? form.name : ""
        self.newKey = newKey.map { NewKey(name: $0.name, text: $0.text) }
        self.error = error
    }

    private static func login(_ login: OperatorLogins.Login, ended: String, own: String) -> Login {
        Login(
            name: login.name, roles: choices(login.role), createdOn: Format.time(login.createdOn),
            state: StateView(endedOn: login.endedOn, ended),
            isActive: login.endedOn == nil, isOwn: ExactText(login.name) == ExactText(own))
    }

    private static func choices(_ role: Role) -> [Choice] {
        Role.allCases.map { Choice(value: $0.rawValue, isChosen: $0 == role) }
    }
}
