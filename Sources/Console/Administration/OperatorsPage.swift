import Authentication
import Charges
import HTTPFront
import HTTPTypes

/// The operators, and the form that adds one.
struct OperatorsPage: Page {
    let service: any ServiceAdministration

    let path = "/operators"
    let formRole: Role? = .administrator

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View {
        try await view(visit, OperatorFields())
    }

    func submit(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        let fields = try OperatorFields(form)
        let code = try form.value("code") ?? ""
        guard let window = TimeSpan(text: fields.window) else {
            return try await view(visit, fields, code: code, error: OperatorFields.windowFault)
        }
        let refusal = try await refusal { () throws(ServiceAdministrationFailure) in
            try await service.addOperator(
                NewOperatorAccount(
                    code: code, currency: fields.currency, undecidedPolicy: fields.policy,
                    undecidedWindowSeconds: window.seconds), by: visit.acting, deadline: visit.deadline)
        }
        if let refusal { return try await view(visit, fields, code: code, error: refusal) }
        return View(seeOther: OperatorPage.path(code))
    }

    func resume(_ visit: AdministratorVisit, _ form: FormFields) async throws(RequestFailure) -> View {
        try await view(visit, try OperatorFields(form), code: try form.value("code") ?? "")
    }

    private func view(
        _ visit: AdministratorVisit, _ fields: OperatorFields, code: String = "", error: String? = nil
    ) async throws(RequestFailure) -> View {
        let after = visit.request.method == .get ? try visit.query.text("after") : nil
        let page = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.operators(after: after, deadline: visit.deadline)
        }
        var table = TableView(
            "",
            [
                .init("Operator"), .init("State"), .init("Currency"), .init("Policy"), .init("Zone"),
                .init("Users", isNumber: true), .init("Keys", isNumber: true),
                .init("Undecided", isNumber: true), .init("Oldest received"), .init("Added"),
            ],
            page.operators.map { one in
                [
                    .link(Self.link(one.code)), .state(Self.state(one)), .text(one.settings.currency),
                    .text(Self.policy(one.settings)), .text(one.settings.zone),
                    .number(Format.count(Int64(one.activeUserCount))),
                    .number(Format.count(Int64(one.activeKeyCount))),
                    .number(Format.count(one.undecidedCount)), .text(Format.time(one.oldestUndecidedOn)),
                    .text(Format.time(one.createdOn)),
                ]
            }, emptyText: after == nil ? "There is no operator yet. Add one below." : "There are no more.")
        table.next = page.next.map { Link("More operators", path, ["after": $0], in: .administration) }
        table.first = after.map { _ in Link("First operators", path, in: .administration) }
        return View(
            .sections, title: "Operators",
            SectionsView(
                notice: error.map { .init(text: $0, isError: true) },
                sections: [
                    .init(table: table),
                    .init(
                        "Add an operator",
                        forms: [
                            FormView(
                                "Add the operator", action: "add",
                                [.required("Code", "code", code)] + fields.fields)
                        ]),
                ]))
    }

    static func link(_ code: String) -> Link {
        Link(code, "/operator", ["code": code], in: .administration)
    }

    static func state(_ one: ServiceOperator) -> StateView {
        StateView(endedOn: one.suspendedOn, "suspended")
    }

    static func policy(_ settings: OperatorSettings) -> String {
        settings.undecidedPolicy == .hold
            ? "hold"
            : "\(settings.undecidedPolicy.rawValue) after \(TimeSpan(seconds: settings.undecidedWindowSeconds).text)"
    }

    /// The row of an operator with undecided charges.
    static func undecided(_ one: ServiceOperator, now: Timestamp) -> [TableView.Cell] {
        [
            .link(link(one.code)), .number(Format.count(one.undecidedCount)),
            .text(Format.time(one.oldestUndecidedOn)),
            .number(one.oldestUndecidedOn.map { Format.age(from: $0, to: now) } ?? ""),
            .text(policy(one.settings)),
        ]
    }
}

/// The fields of an operator's agreement with the service, as a form has them.
struct OperatorFields {
    var currency = ""
    var policy = UndecidedPolicy.hold
    /// How long a charge may stay undecided, as `TimeSpan` writes it.
    var window = "72h"

    static let windowFault = "The window is a number followed by s, m, h or d, such as 72h."

    init() {}

    init(_ settings: OperatorSettings) {
        currency = settings.currency
        policy = settings.undecidedPolicy
        window = TimeSpan(seconds: settings.undecidedWindowSeconds).text
    }

    init(_ form: FormFields) throws(RequestFailure) {
        currency = try form.value("currency") ?? ""
        policy = try form.text("policy").flatMap(UndecidedPolicy.init(rawValue:)) ?? .hold
        window = try form.value("window") ?? ""
    }

    var fields: [FormView.Field] {
        [
            .required("Currency", "currency", currency),
            .choice(
                "Undecided charges", "policy", policy.rawValue,
                UndecidedPolicy.allCases.map { ($0.rawValue, $0.rawValue) }),
            .required("After", "window", window),
        ]
    }
}
