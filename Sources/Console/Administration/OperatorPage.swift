import Authentication
import Charges
import HTTPFront

/// One operator: its settings, its suspension, and its users and keys.
struct OperatorPage: Page {
    let service: any ServiceAdministration
    let hasher: PasswordHasher

    let path = "/operator"
    let formRole: Role? = .administrator

    /// The path of an operator's page, below the site's.
    static func path(_ code: String) -> String { "/operator?code=" + Link.encoded(code) }

    private enum Action: String {
        case settings, suspend, resume
        case addUser = "add-user"
        case setPassword = "set-password"
        case setUserRole = "set-user-role"
        case suspendUser = "suspend-user"
        case resumeUser = "resume-user"
        case revokeKey = "revoke-key"
    }

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View {
        try await view(visit, code: try visit.query.value("code") ?? "")
    }

    func submit(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        let code = try form.value("code") ?? ""
        guard let fault = try await fault(of: form, visit, code: code) else {
            return View(seeOther: Self.path(code))
        }
        return try await view(visit, code: code, error: fault)
    }

    func resume(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        try await view(visit, code: try form.value("code") ?? "")
    }

    /// Makes the change that a form asks for.
    ///
    /// - Returns: Why it was not made; `nil` if it was.
    private func fault(of form: FormFields, _ visit: AdministratorVisit, code: String)
        async throws(RequestFailure) -> String?
    {
        let name = try form.value("name") ?? ""
        let roleText = try form.text("role")
        let role = roleText.flatMap(Role.init(rawValue:))
        let action = try form.text("action").flatMap(Action.init(rawValue:))
        guard let action else { return "Choose what to change." }
        // A new user may have the role that is the default.
        guard role != nil || (roleText == nil && action != .setUserRole) else { return "Choose a role." }
        var hash = ""
        var change = OperatorChange()
        switch action {
        case .addUser, .setPassword:
            let password = try form.value("new_password") ?? ""
            if let fault = NewPassword.fault(password) { return fault }
            hash = try await hasher.hash(password, deadline: visit.deadline).text
        case .settings:
            let fields = try OperatorFields(form)
            guard let window = TimeSpan(text: fields.window) else { return OperatorFields.windowFault }
            change.currency = fields.currency
            change.undecidedPolicy = fields.policy
            change.undecidedWindowSeconds = window.seconds
            change.zone = try form.text("zone")
            change.errorStatusPolicy = .some(
                try form.text("status").flatMap(ErrorStatusPolicy.init(rawValue:)))
            change.repeatedDecisionsSucceed = try form.text("repeat") == "success"
        default: break
        }
        return try await refusal { [hash, change] () throws(ServiceAdministrationFailure) in
            let acting = visit.acting
            let deadline = visit.deadline
            switch action {
            case .settings:
                try await service.change(operator: code, change, by: acting, deadline: deadline)
            case .suspend, .resume:
                try await service.setSuspension(
                    ofOperator: code, to: action == .suspend, by: acting, deadline: deadline)
            case .addUser:
                try await service.addUser(
                    name, ofOperator: code, passwordHash: hash, role: role, by: acting, deadline: deadline)
            case .setPassword:
                try await service.setPassword(
                    ofUser: name, ofOperator: code, toHash: hash, by: acting, deadline: deadline)
            case .setUserRole:
                try await service.setRole(
                    ofUser: name, ofOperator: code, to: role ?? .viewer, by: acting, deadline: deadline)
            case .suspendUser, .resumeUser:
                try await service.setSuspension(
                    ofUser: name, ofOperator: code, to: action == .suspendUser, by: acting,
                    deadline: deadline)
            case .revokeKey:
                try await service.revokeKey(name, ofOperator: code, by: acting, deadline: deadline)
            }
        }
    }

    private func view(_ visit: AdministratorVisit, code: String, error: String? = nil)
        async throws(RequestFailure) -> View
    {
        let found = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.serviceOperator(code: code, deadline: visit.deadline)
        }
        guard let found else { throw RequestFailure(.notFound, "There is no operator of this code.") }
        let logins = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.logins(ofOperator: code, deadline: visit.deadline)
        }
        return View(
            .sections, title: "Operator \(found.code)",
            SectionsView(
                notice: error.map { .init(text: $0, isError: true) },
                sections: [
                    .init(
                        table: TableView(
                            "",
                            [
                                .init("State"), .init("Added"), .init("Undecided", isNumber: true),
                                .init("Oldest received"), .init("Activity"),
                            ],
                            [
                                [
                                    .state(OperatorsPage.state(found)), .text(Format.time(found.createdOn)),
                                    .number(Format.count(found.undecidedCount)),
                                    .text(Format.time(found.oldestUndecidedOn)),
                                    .link(
                                        Link(
                                            "Show its activity", "/activity", ["operator": found.code],
                                            in: .administration)),
                                ]
                            ], emptyText: ""),
                        forms: [Self.suspension(found)]),
                    .init("Settings", forms: [Self.settings(found)]),
                    Self.users(logins, code: found.code),
                    Self.keys(logins, code: found.code),
                ]))
    }

    private static func suspension(_ found: ServiceOperator) -> FormView {
        let code: KeyValuePairs = ["code": found.code]
        return found.suspendedOn == nil
            ? FormView("Suspend the operator", action: Action.suspend.rawValue, hidden: code, isSecond: true)
            : FormView("Resume the operator", action: Action.resume.rawValue, hidden: code, isSecond: true)
    }

    private static func settings(_ found: ServiceOperator) -> FormView {
        let settings = found.settings
        let own: [FormView.Field] = [
            .required("Zone", "zone", settings.zone),
            .choice(
                "HTTP status of errors", "status", settings.errorStatusPolicy?.rawValue ?? "",
                [("", "the node's setting")] + ErrorStatusPolicy.allCases.map { ($0.rawValue, $0.rawValue) }),
            .choice(
                "A repeated decision is a", "repeat",
                settings.repeatedDecisionsSucceed ? "success" : "failure",
                [("failure", "failure"), ("success", "success")]),
        ]
        return FormView(
            "Save the settings", action: Action.settings.rawValue, hidden: ["code": found.code],
            OperatorFields(settings).fields + own)
    }

    private static func users(_ logins: OperatorLogins, code: String) -> SectionsView.Section {
        .init(
            "Users",
            table: TableView(
                "",
                [
                    .init("User"), .init("State"), .init("Role"), .init("Added"), .init("Password"),
                    .init("Change"),
                ],
                logins.users.map { user in
                    let named: KeyValuePairs = ["code": code, "name": user.name]
                    let isActive = user.endedOn == nil
                    return [
                        .text(user.name), .state(state(user, ended: "suspended")),
                        .form(
                            FormView(
                                "Set role", action: Action.setUserRole.rawValue, hidden: named,
                                [roles(user.role, label: "Role of \(user.name)")], isInline: true)),
                        .text(Format.time(user.createdOn)),
                        .form(
                            FormView(
                                "Set password", action: Action.setPassword.rawValue, hidden: named,
                                [.newPassword("New password of \(user.name)", "new_password")],
                                isInline: true)),
                        .form(
                            FormView(
                                isActive ? "Suspend" : "Resume",
                                action: (isActive ? Action.suspendUser : .resumeUser).rawValue, hidden: named,
                                isInline: true)),
                    ]
                },
                emptyText: "The operator has no user yet. Its first one becomes its administrator."),
            forms: [
                FormView(
                    "Add the user", action: Action.addUser.rawValue, hidden: ["code": code],
                    [
                        .required("New user's name", "name"),
                        .newPassword("Password", "new_password"),
                        .choice(
                            "Role", "role", "",
                            [("", "administrator if the first, else decider")]
                                + Role.allCases.map { ($0.rawValue, $0.rawValue) }),
                    ])
            ])
    }

    private static func keys(_ logins: OperatorLogins, code: String) -> SectionsView.Section {
        .init(
            "Web API keys",
            table: TableView(
                "", [.init("Key"), .init("State"), .init("Role"), .init("Added"), .init("Change")],
                logins.keys.map { key in
                    [
                        .text(key.name), .state(state(key, ended: "revoked")), .text(key.role.rawValue),
                        .text(Format.time(key.createdOn)),
                        .form(
                            key.endedOn == nil
                                ? FormView(
                                    "Revoke for good", action: Action.revokeKey.rawValue,
                                    hidden: ["code": code, "name": key.name], isInline: true)
                                : nil),
                    ]
                }, emptyText: "The operator has no key. Its administrators add keys in the console."))
    }

    private static func roles(_ role: Role, label: String) -> FormView.Field {
        .choice(label, "role", role.rawValue, Role.allCases.map { ($0.rawValue, $0.rawValue) })
    }

    private static func state(_ login: OperatorLogins.Login, ended: String) -> StateView {
        StateView(endedOn: login.endedOn, ended)
    }
}
