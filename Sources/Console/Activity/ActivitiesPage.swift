import Authentication
import Charges
import HTTPFront

/// The activity of an operator, newest first: sign-ins, and changes of accounts, roles, keys, policies and suspensions.
struct ActivitiesPage: Page {
    let activity: any ActivityRepository

    let path = "/activity"

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let before = try visit.query.number("before").map(Int64.init)
        let kind = try visit.query.parsed(ActivityKind.self, "kind")
        let page = try await activity.page(
            ActivityQuery(
                operatorIdentifier: visit.operatorIdentifier, kind: kind, before: before,
                deadline: visit.deadline))
        var table = TableView(
            "Sign-ins, and changes of users, keys, roles, policies and suspensions, wherever they were made. They "
                + "are kept for 400 days.",
            Self.columns,
            page.activities.map(Self.row),
            emptyText: before == nil ? "Nothing has happened yet." : "Nothing has happened before.")
        table.next = page.next.map {
            Link("Older activity", "/activity", ["kind": kind?.rawValue, "before": String($0)])
        }
        table.first = before.map { _ in Link("Newest activity", "/activity", ["kind": kind?.rawValue]) }
        return View(.table, title: "Activity", table)
    }

    static let columns: [TableView.Column] = [
        .init("Time"), .init("What"), .init("Whom or what"), .init("Change"), .init("By"),
        .init("Address"), .init("Times", isNumber: true),
    ]

    static func row(_ activity: Activity) -> [TableView.Cell] {
        let change = [activity.oldValue, activity.newValue].compactMap(\.self).joined(separator: " → ")
        return [
            .text(Format.time(activity.madeOn)),
            .state(
                StateView(
                    Format.words(activity.kind.rawValue),
                    tone: activity.kind == .signInFailed ? "bad" : "plain")),
            .text(activity.subject ?? ""), .text(change),
            .text(activity.actor ?? "", note: Format.words(activity.channel.rawValue)),
            .text(activity.address ?? ""), .number(String(activity.count)),
        ]
    }
}
