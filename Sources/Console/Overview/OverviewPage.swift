import Charges
import HTTPFront

/// The first page after signing in: what is to be done, and what has been done.
struct OverviewPage: Page {
    let overview: any OverviewRepository
    let statements: any StatementRepository

    let path = ""

    /// The number of statements that the page shows.
    private static let statementCount = 3

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let overview = try await overview.overview(of: visit.operatorIdentifier, deadline: visit.deadline)
        let page = try await statements.page(
            StatementListQuery(
                operatorIdentifier: visit.operatorIdentifier, before: nil, count: Self.statementCount,
                deadline: visit.deadline))
        return View(.overview, title: "Overview", OverviewView(overview, page.statements, visit))
    }
}

/// The values of the overview.
private struct OverviewView: Sendable {
    struct Count: Sendable {
        let name: String
        let count: String
        let link: Link?
    }

    struct FailedItem: Sendable {
        let name: String
        let lastDay: String
        let lastWeek: String
    }

    struct Statement: Sendable {
        let number: String
        let to: String
        let events: String
    }

    let ages: [Count]
    let deadlines: [Count]
    let hasDeadlines: Bool
    let oldest: String?
    let processed: [Count]
    let failedItems: [FailedItem]
    let hasNoFailedItems: Bool
    let statements: [Statement]
    let hasNoStatements: Bool
    let chart: BarChart

    init(_ overview: Overview, _ statements: [ListedStatement], _ visit: Visit) {
        ages = zip(UndecidedAge.allCases, overview.undecided.byAge).map { age, count in
            Count(name: Self.name(age), count: Format.count(count), link: nil)
        }
        deadlines = zip(UndecidedDeadline.allCases, overview.undecided.byDeadline ?? []).map {
            deadline, count in
            Count(name: Self.name(deadline), count: Format.count(count), link: nil)
        }
        hasDeadlines = overview.undecided.byDeadline != nil
        oldest = overview.undecided.oldestReceivedOn.map {
            "\(Format.time($0)), \(Format.age(from: $0, to: visit.now)) ago"
        }
        processed = overview.processed.map { processed in
            Count(
                name: Format.words(processed.status.rawValue), count: Format.count(processed.count),
                link: Link(
                    Format.words(processed.status.rawValue), "/charges",
                    ["status": processed.status.rawValue, "acknowledged": "no"]))
        }
        failedItems = overview.failedItems.map { failed in
            FailedItem(
                name: Format.words(failed.code), lastDay: Format.count(Int64(failed.lastDay)),
                lastWeek: Format.count(Int64(failed.lastWeek)))
        }
        hasNoFailedItems = failedItems.isEmpty
        self.statements = statements.map { listed in
            Statement(
                number: String(listed.statement.number), to: Format.date(listed.statement.endsOn),
                events: Format.count(listed.statement.eventCount))
        }
        hasNoStatements = statements.isEmpty
        chart = BarChart(overview.decisions)
    }

    private static func name(_ age: UndecidedAge) -> String {
        switch age {
        case .underOneDay: "under a day"
        case .oneToThreeDays: "1 to 3 days"
        case .threeToSevenDays: "3 to 7 days"
        case .sevenDaysOrMore: "7 days or more"
        }
    }

    private static func name(_ deadline: UndecidedDeadline) -> String {
        switch deadline {
        case .passed: "now"
        case .withinOneDay: "within a day"
        case .oneToThreeDays: "in 1 to 3 days"
        case .overThreeDays: "in over 3 days"
        }
    }
}

extension Format {
    /// A count as people read it.
    static func count(_ count: BoundedCount) -> String {
        switch count {
        case .exactly(let number): self.count(Int64(number))
        case .moreThanLimit: "more than \(self.count(Int64(BoundedCount.limit)))"
        case .atLeast(let number): "at least \(self.count(Int64(number)))"
        }
    }
}
