import Authentication
import Charges
import HTTPFront

/// The settings of an operator, which everybody sees. Its administrators change those that are the operator's own; the
/// database checks each change again, and records it in the activity.
struct SettingsPage: Page {
    let accounts: any AccountAdministration

    let path = "/settings"
    let formRole: Role? = .administrator

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        try await view(visit, nil)
    }

    func submit(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
        let form = try SettingsForm(fields)
        let stored = try await settings(visit)
        do throws(AccountFailure) {
            try await accounts.change(
                settings: form.change(of: stored),
                by: ActingUser(visit.principal, address: visit.request.address), deadline: visit.deadline)
        } catch {
            let refusal = try error.refusal
            return try await view(
                visit, form, faults: [refusal == .unknownZone ? "zone" : "": refusal.description])
        }
        return View(seeOther: path + "?stored=yes")
    }

    func resume(_ visit: Visit, _ fields: FormFields) async throws(RequestFailure) -> View {
        try await view(visit, try SettingsForm(fields))
    }

    private func settings(_ visit: Visit) async throws(RequestFailure) -> OperatorSettings {
        let found: OperatorSettings?
        do throws(AccountFailure) {
            found = try await accounts.settings(of: visit.operatorIdentifier, deadline: visit.deadline)
        } catch {
            throw RequestFailure(.notPermitted, try error.refusal.description)
        }
        guard let found else { throw RequestFailure(.notFound, "There is no such operator.") }
        return found
    }

    private func view(_ visit: Visit, _ form: SettingsForm?, faults: [String: String] = [:])
        async throws(RequestFailure) -> View
    {
        let settings = try await settings(visit)
        let shown = form ?? SettingsForm(settings)
        let mayChange = visit.principal.role >= .administrator
        let agreed = "It is agreed with the service, whose administrators change it."
        var rows: [DetailsView.Row] = [
            .init(name: "Currency", value: settings.currency, note: agreed),
            .init(name: "Charges left undecided", value: Self.policy(settings), note: agreed),
        ]
        if !mayChange {
            let own = "An administrator of your operator can change it."
            rows += [
                .init(name: "Zone", value: settings.zone, note: own),
                .init(
                    name: "HTTP status of errors", value: Self.text(settings.errorStatusPolicy), note: own),
                .init(
                    name: "A repeated decision", value: Self.text(repeats: settings.repeatedDecisionsSucceed),
                    note: own),
            ]
        }
        return View(
            .details, title: "Settings",
            DetailsView(
                introduction: nil,
                notice: try visit.query.value("stored") == nil ? nil : "The settings are stored.", rows: rows,
                form: mayChange ? Self.form(path, shown, faults) : nil))
    }

    private static func form(_ path: String, _ shown: SettingsForm, _ faults: [String: String]) -> FormView {
        var form = FormView(
            path,
            [
                FormView.Field("Zone", "zone", value: shown.zone).with {
                    $0.isRequired = true
                    $0.autocomplete = "off"
                    $0.hint =
                        "Whose days end your statements, such as Europe/Athens. A new zone counts from the end of the "
                        + "statement under way."
                    $0.fault = faults["zone"]
                },
                FormView.Field(
                    "HTTP status of errors", "errors",
                    choices: SettingsForm.policies.map {
                        .init(
                            text: text($0), value: SettingsForm.value($0),
                            isChosen: shown.errors == SettingsForm.value($0))
                    }
                ).with { $0.hint = "Of the API's calls, once a call is known to be yours." },
                FormView.Field(
                    "A repeated decision", "repeats",
                    choices: [false, true].map {
                        .init(
                            text: text(repeats: $0), value: SettingsForm.value(repeats: $0),
                            isChosen: shown.repeats == SettingsForm.value(repeats: $0))
                    }
                ).with { $0.hint = "What a client gets that accepts or declines a charge a second time." },
            ], button: "Store the settings")
        form.error = faults[""]
        return form
    }

    private static func policy(_ settings: OperatorSettings) -> String {
        let hours = settings.undecidedWindowSeconds / 3600
        return switch settings.undecidedPolicy {
        case .hold: "stay undecided"
        case .accept: "are accepted after \(hours) h"
        case .decline: "are declined after \(hours) h"
        }
    }

    private static func text(_ policy: ErrorStatusPolicy?) -> String {
        switch policy {
        case nil: "as the service has it"
        case .standard: "the one that fits the error"
        case .always200: "always 200"
        }
    }

    private static func text(repeats: Bool) -> String { repeats ? "is a success" : "is a failure" }
}

/// The form of the settings.
private struct SettingsForm {
    let zone: String
    let errors: String
    let repeats: String

    init(_ settings: OperatorSettings) {
        zone = settings.zone
        errors = Self.value(settings.errorStatusPolicy)
        repeats = Self.value(repeats: settings.repeatedDecisionsSucceed)
    }

    init(_ fields: FormFields) throws(RequestFailure) {
        zone = try fields.value("zone") ?? ""
        errors = try fields.value("errors") ?? ""
        repeats = try fields.value("repeats") ?? ""
    }

    /// The changes that the form asks for. An unknown choice changes nothing.
    func change(of stored: OperatorSettings) -> OperatorSettingsChange {
        var change = OperatorSettingsChange()
        if ExactText(zone) != ExactText(stored.zone) { change.zone = zone }
        for policy in Self.policies where Self.value(policy) == errors && policy != stored.errorStatusPolicy {
            change.errorStatusPolicy = .some(policy)
        }
        for succeed in [false, true]
        where Self.value(repeats: succeed) == repeats && succeed != stored.repeatedDecisionsSucceed {
            change.repeatedDecisionsSucceed = succeed
        }
        return change
    }

    static let policies: [ErrorStatusPolicy?] = [nil] + ErrorStatusPolicy.allCases.map { .some($0) }

    static func value(_ policy: ErrorStatusPolicy?) -> String { policy?.rawValue ?? "service" }
    static func value(repeats succeed: Bool) -> String { succeed ? "success" : "failure" }
}
