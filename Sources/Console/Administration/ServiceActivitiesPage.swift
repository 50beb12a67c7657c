import Authentication
import Charges
import HTTPFront

/// The activity of the service and of its operators, newest first.
struct ServiceActivitiesPage: Page {
    let service: any ServiceAdministration

    let path = "/activity"

    /// The value of the field `operator` that stands for what is the service's own. No operator has this code, since a
    /// code has no space.
    private static let service = "the service"

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View {
        let before = try visit.query.number("before").map(Int64.init)
        let kind = try visit.query.parsed(ActivityKind.self, "kind")
        let code = try visit.query.text("operator")
        let scope: ServiceActivityQuery.Scope =
            switch code {
            case nil: .all
            case Self.service?: .service
            case let code?: .operatorCode(code)
            }
        let page = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.activity(
                ServiceActivityQuery(scope: scope, kind: kind, before: before, deadline: visit.deadline))
        }
        var table = TableView(
            "", [.init("Operator")] + ActivitiesPage.columns,
            page.rows.map { row in
                [row.operatorCode.map { .link(OperatorsPage.link($0)) } ?? .text("the service")]
                    + ActivitiesPage.row(row.activity)
            }, emptyText: before == nil ? "Nothing has happened yet." : "Nothing has happened before.")
        table.next = page.next.map {
            Link(
                "Older activity", path,
                ["operator": code, "kind": kind?.rawValue, "before": String($0)], in: .administration)
        }
        table.first = before.map { _ in
            Link("Newest activity", path, ["operator": code, "kind": kind?.rawValue], in: .administration)
        }
        let filter = FormView(
            query: path,
            [
                FormView.Field("Operator", "operator", value: code).with {
                    $0.hint = "“\(Self.service)” shows what is its own"
                },
                .choice(
                    "What", "kind", kind?.rawValue ?? "",
                    [("", "everything")]
                        + ActivityKind.allCases.map { ($0.rawValue, Format.words($0.rawValue)) }),
            ], button: "Show")
        return View(
            .sections, title: "Activity",
            SectionsView(sections: [
                .init(
                    introduction:
                        "Sign-ins, and changes of accounts, keys, settings and suspensions, wherever they "
                        + "were made. They are kept for 400 days.", forms: [filter]),
                .init(table: table),
            ]))
    }
}
