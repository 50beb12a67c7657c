import Authentication
import Charges
import HTTPFront

/// How the service is: its nodes, the provider's feed, and what is undecided.
struct ServiceOverviewPage: Page {
    let service: any ServiceAdministration

    let path = ""

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View {
        let deadline = visit.deadline
        let nodes = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.nodes(deadline: deadline)
        }
        let feed = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.feed(deadline: deadline)
        }
        let operators = try await reading { () throws(ServiceAdministrationFailure) in
            try await service.operators(after: nil, deadline: deadline)
        }
        let undecided = operators.operators.filter { $0.oldestUndecidedOn != nil }
            .sorted { ($0.oldestUndecidedOn ?? visit.now) < ($1.oldestUndecidedOn ?? visit.now) }
        return View(
            .sections, title: "Overview",
            SectionsView(sections: [
                .init("Nodes", introduction: Self.freshness(nodes), table: Self.table(nodes, visit.now)),
                .init("The provider's feed", table: Self.table(feed)),
                .init(
                    "Oldest undecided charges",
                    introduction: operators.next == nil
                        ? nil : "Of the first \(operators.operators.count) operators.",
                    table: TableView(
                        "",
                        [
                            .init("Operator"), .init("Undecided", isNumber: true), .init("Oldest received"),
                            .init("Age", isNumber: true), .init("Policy"),
                        ],
                        undecided.map { OperatorsPage.undecided($0, now: visit.now) },
                        emptyText: "No charge waits for a decision.")),
            ]))
    }

    private static func freshness(_ nodes: [NodeStatus]) -> String {
        let fresh = nodes.count { $0.isFresh }
        return
            "\(fresh) of \(nodes.count) \(nodes.count == 1 ? "node" : "nodes") of the last day wrote its state "
            + "within \(NodeStatus.freshSeconds) seconds."
    }

    private static func table(_ nodes: [NodeStatus], _ now: Timestamp) -> TableView {
        TableView(
            "",
            [
                .init("Node"), .init("State"), .init("Version"), .init("Database"),
                .init("Connections", isNumber: true), .init("Waiting", isNumber: true),
                .init("Queued", isNumber: true), .init("Unknown outcomes", isNumber: true), .init("Started"),
            ],
            nodes.map { node in
                [
                    .text(node.name),
                    .state(
                        node.isFresh
                            ? StateView("running", tone: "good")
                            : StateView(
                                "not seen for \(Format.age(from: node.lastSeenOn, to: now))", tone: "bad")),
                    .text(node.version, note: "build \(node.buildNumber)"), .text(node.databaseRole.rawValue),
                    .number("\(node.busyConnectionCount) of \(node.maximumConnectionCount)"),
                    .number(Format.count(Int64(node.waitingForConnectionCount))),
                    .number(Format.count(Int64(node.queuedCallCount))),
                    .number(Format.count(Int64(node.unknownOutcomeCount))),
                    .text(Format.time(node.startedOn)),
                ]
            }, emptyText: "No node has written its state within a day.")
    }

    private static func table(_ feed: FeedStatus) -> TableView {
        TableView(
            "",
            [
                .init("Last position", isNumber: true), .init("Last published"),
                .init("Not yet published", isNumber: true), .init("Lag", isNumber: true), .init("Epoch"),
            ],
            [
                [
                    .number(Format.count(feed.lastPosition)), .text(Format.time(feed.lastPublishedOn)),
                    .number(Format.count(Int64(feed.unpublishedDecisionCount))),
                    .number("\(Format.count(Int64(feed.lagMilliseconds))) ms"), .text(feed.epoch),
                ]
            ], emptyText: "")
    }
}
