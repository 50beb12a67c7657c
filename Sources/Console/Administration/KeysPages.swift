import Authentication
import Charges
import HTTPFront

/// The keys with which the provider's bridge calls.
struct ProviderKeysPage: Page {
    let service: any ServiceAdministration

    let path = "/provider-keys"
    let formRole: Role? = .administrator

    private static let revoke = "revoke"

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View { try await view(visit) }

    func submit(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        let name = try form.value("name") ?? ""
        if try form.text("action") == Self.revoke {
            let refusal = try await refusal { () throws(ServiceAdministrationFailure) in
                try await service.revokeProviderKey(name, by: visit.acting, deadline: visit.deadline)
            }
            return refusal == nil ? View(seeOther: path) : try await view(visit, error: refusal)
        }
        let key = APIKey()
        let refusal = try await refusal { () throws(ServiceAdministrationFailure) in
            try await service.addProviderKey(
                name, hash: key.hash, by: visit.acting, deadline: visit.deadline)
        }
        if let refusal { return try await view(visit, name: name, error: refusal) }
        return try await view(
            visit, secret: SectionsView.Secret(name: "The key \(name)", text: key.text))
    }

    func resume(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        try await view(visit, name: try form.value("name") ?? "")
    }

    private func view(
        _ visit: AdministratorVisit, name: String = "", secret: SectionsView.Secret? = nil,
        error: String? = nil
    ) async throws(RequestFailure) -> View {
        let keys = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.providerKeys(deadline: visit.deadline)
        }
        return View(
            .sections, title: "Provider's keys",
            SectionsView(
                notice: error.map { .init(text: $0, isError: true) }, secret: secret,
                sections: [
                    .init(
                        table: TableView(
                            "", [.init("Key"), .init("State"), .init("Added"), .init("Change")],
                            keys.map { key in
                                [
                                    .text(key.name),
                                    .state(
                                        StateView(endedOn: key.revokedOn, "revoked")),
                                    .text(Format.time(key.createdOn)),
                                    .form(
                                        key.revokedOn == nil
                                            ? FormView(
                                                "Revoke for good", action: Self.revoke,
                                                hidden: ["name": key.name], isInline: true) : nil),
                                ]
                            },
                            emptyText: "There is no key, so the provider cannot send charges. Add one below.")
                    ),
                    .init(
                        "Add a key",
                        forms: [
                            FormView(
                                "Add the key", action: "add", [.required("New key's name", "name", name)])
                        ]),
                ]))
    }
}

/// The keys that sign tokens. No secret is shown.
struct SigningKeysPage: Page {
    let service: any ServiceAdministration

    let path = "/signing-keys"
    let formRole: Role? = .administrator

    private enum Action: String {
        case add
        case addAndDropOthers = "add-and-drop-others"
        case drop
    }

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View { try await view(visit) }

    func submit(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        guard let action = try form.text("action").flatMap(Action.init(rawValue:)) else {
            return try await view(visit, error: "Choose what to change.")
        }
        let identifier = try form.value("identifier") ?? ""
        let refusal = try await refusal { () throws(ServiceAdministrationFailure) in
            switch action {
            case .drop:
                try await service.dropSigningKey(identifier, by: visit.acting, deadline: visit.deadline)
            case .add, .addAndDropOthers:
                _ = try await service.addSigningKey(
                    dropsOthers: action == .addAndDropOthers, by: visit.acting, deadline: visit.deadline)
            }
        }
        return refusal == nil ? View(seeOther: path) : try await view(visit, error: refusal)
    }

    private func view(_ visit: AdministratorVisit, error: String? = nil) async throws(RequestFailure) -> View
    {
        let keys = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.signingKeys(deadline: visit.deadline)
        }
        return View(
            .sections, title: "Signing keys",
            SectionsView(
                notice: error.map { .init(text: $0, isError: true) },
                sections: [
                    .init(
                        introduction:
                            "Tokens are signed by one key, and are good as long as their key is here.",
                        table: TableView(
                            "",
                            [
                                .init("Key"), .init("State"), .init("Signs from"), .init("Added"),
                                .init("Change"),
                            ],
                            keys.map { key in
                                [
                                    .text(key.identifier), .state(Self.state(key.state)),
                                    .text(Format.time(key.signsFrom)), .text(Format.time(key.createdOn)),
                                    .form(
                                        key.state == .verifying || key.state == .expired
                                            ? FormView(
                                                "Drop", action: Action.drop.rawValue,
                                                hidden: ["identifier": key.identifier], isInline: true)
                                            : nil),
                                ]
                            }, emptyText: "There is no key, so nobody can log in. Add one below.")),
                    .init(
                        "Add a key",
                        introduction:
                            "A new key signs as soon as every node knows it. If the one in use has become "
                            + "known to others, drop all others at once: that ends every login, yours too.",
                        forms: [
                            FormView("Add a key", action: Action.add.rawValue),
                            FormView(
                                "Add a key and drop all others", action: Action.addAndDropOthers.rawValue,
                                isSecond: true),
                        ]),
                ]))
    }

    private static func state(_ state: SigningKeySummary.State) -> StateView {
        let tone =
            switch state {
            case .signing: "good"
            case .coming: "open"
            case .verifying, .expired: "plain"
            }
        return StateView(Format.words(state.rawValue), tone: tone)
    }
}
