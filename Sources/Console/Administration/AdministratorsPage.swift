import Authentication
import Charges
import HTTPFront

/// The administrators of the service.
struct AdministratorsPage: Page {
    let service: any ServiceAdministration
    let hasher: PasswordHasher

    let path = "/administrators"
    let formRole: Role? = .administrator

    private enum Action: String {
        case add, suspend, resume
        case setPassword = "set-password"
    }

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View { try await view(visit) }

    func submit(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        guard let action = try form.text("action").flatMap(Action.init(rawValue:)) else {
            return try await view(visit, error: "Choose what to change.")
        }
        let name = try form.value("name") ?? ""
        let newName = action == .add ? name : ""
        var hash = ""
        if action == .add || action == .setPassword {
            let password = try form.value("new_password") ?? ""
            if let fault = NewPassword.fault(password) {
                return try await view(visit, name: newName, error: fault)
            }
            hash = try await hasher.hash(password, deadline: visit.deadline).text
        }
        let refusal = try await refusal { [hash] () throws(ServiceAdministrationFailure) in
            switch action {
            case .add:
                try await service.addAdministrator(
                    name, passwordHash: hash, by: visit.acting, deadline: visit.deadline)
            case .setPassword:
                try await service.setPassword(
                    ofAdministrator: name, toHash: hash, by: visit.acting, deadline: visit.deadline)
            case .suspend, .resume:
                try await service.setSuspension(
                    ofAdministrator: name, to: action == .suspend, by: visit.acting, deadline: visit.deadline)
            }
        }
        return refusal == nil
            ? View(seeOther: path) : try await view(visit, name: newName, error: refusal)
    }

    func resume(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        try await view(
            visit, name: try form.text("action") == Action.add.rawValue ? form.value("name") ?? "" : "")
    }

    private func view(_ visit: AdministratorVisit, name: String = "", error: String? = nil)
        async throws(RequestFailure) -> View
    {
        let administrators = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.administrators(deadline: visit.deadline)
        }
        return View(
            .sections, title: "Administrators",
            SectionsView(
                notice: error.map { .init(text: $0, isError: true) },
                sections: [
                    .init(
                        table: TableView(
                            "",
                            [
                                .init("Administrator"), .init("State"), .init("Added"), .init("Password"),
                                .init("Change"),
                            ],
                            administrators.map { Self.row($0, own: visit.principal.name) }, emptyText: "")),
                    .init(
                        "Add an administrator",
                        forms: [
                            FormView(
                                "Add the administrator", action: Action.add.rawValue,
                                [
                                    .required("New administrator's name", "name", name),
                                    .newPassword("Password", "new_password"),
                                ])
                        ]),
                ]))
    }

    private static func row(_ one: AdministratorSummary, own: String) -> [TableView.Cell] {
        let named: KeyValuePairs = ["name": one.name]
        let isOwn = ExactText(one.name) == ExactText(own)
        let isActive = one.suspendedOn == nil
        return [
            .text(one.name),
            .state(
                StateView(endedOn: one.suspendedOn, "suspended")),
            .text(Format.time(one.createdOn)),
            isOwn
                ? .link(Link("Your password", "/password", in: .administration))
                : .form(
                    FormView(
                        "Set password", action: Action.setPassword.rawValue, hidden: named,
                        [.newPassword("New password of \(one.name)", "new_password")], isInline: true)),
            .form(
                FormView(
                    isActive ? "Suspend" : "Resume",
                    action: (isActive ? Action.suspend : .resume).rawValue, hidden: named, isInline: true)),
        ]
    }
}

/// The page on which an administrator of the service sets a new password of its own. It asks for the current one, within
/// the limits of logins.
struct AdministratorPasswordPage: Page {
    let service: any ServiceAdministration
    let sessions: any AdministratorSessions
    let hasher: PasswordHasher

    let path = "/password"
    let formRole: Role? = .administrator

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View {
        OwnPassword.view(in: .administration)
    }

    func submit(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        let own = try OwnPassword(form)
        if let fault = own.fault { return OwnPassword.view(fault, in: .administration) }
        let account: AdministratorAccount
        do throws(RequestFailure) {
            account = try await sessions.verified(
                visit.principal, password: own.current, address: visit.request.address,
                deadline: visit.deadline)
        } catch {
            return OwnPassword.view(OwnPassword.fault(of: error), in: .administration)
        }
        let hash = try await hasher.hash(own.new, deadline: visit.deadline)
        let refusal = try await refusal { () throws(ServiceAdministrationFailure) in
            try await service.setOwnPassword(
                toHash: hash.text, verifiedHash: account.passwordHash, by: visit.acting,
                deadline: visit.deadline)
        }
        if let refusal { return OwnPassword.view(refusal, in: .administration) }
        // The new password has ended the session.
        return View(seeOther: "/sign-in")
    }
}
