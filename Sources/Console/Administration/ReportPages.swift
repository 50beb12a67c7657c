import Authentication
import Charges
import HTTPFront

/// The reports, each with its question.
struct ReportsPage: Page {
    let catalog: any ReportCatalog

    let path = "/reports"

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View {
        View(
            .sections, title: "Reports",
            SectionsView(sections: [
                .init(
                    table: TableView(
                        "", [.init("Report"), .init("What it answers")],
                        catalog.reports.map { report in
                            [
                                .link(
                                    Link(report.name, "/report", ["name": report.name], in: .administration)),
                                .text(
                                    report.title,
                                    note: report.requiredExtension.map { "needs the extension \($0)" }),
                            ]
                        }, emptyText: ""))
            ]))
    }
}

/// One report: its parameters, and its answer as a table and as a file.
struct ReportPage: Page {
    let catalog: any ReportCatalog
    let runner: any ReportRunner

    let path = "/report"

    /// The most rows of the table; the file has more.
    private static let shownRows = 500
    /// The parameter that asks for the answer; without it the page asks for the parameters.
    private static let run = "run"

    func show(_ visit: AdministratorVisit) async throws(RequestFailure) -> View {
        let report = try report(visit)
        let values = try values(report, visit)
        var sections = [SectionsView.Section(introduction: report.title, forms: [Self.form(report, values)])]
        var notice: SectionsView.Notice?
        if try visit.query.text(Self.run) != nil {
            do throws(ReportFailure) {
                let rows = try await runner.run(
                    report.name, values, maximumRows: Self.shownRows, deadline: visit.deadline)
                sections += answer(rows, report, values)
            } catch {
                switch error {
                case .invalidParameter(let name?, let reason):
                    sections = [
                        SectionsView.Section(
                            introduction: report.title,
                            forms: [Self.form(report, values, fault: (name, reason))])
                    ]
                    notice = .init(text: "The report was not run: \(reason)", isError: true)
                default: notice = .init(text: try Self.text(of: error), isError: true)
                }
            }
        }
        sections.append(Self.columns(report))
        return View(.sections, title: report.name, SectionsView(notice: notice, sections: sections))
    }

    /// The answer as a file: CSV in which a spreadsheet runs nothing, with at most `ReportRows.maximum` rows.
    func download(_ visit: AdministratorVisit) async throws(RequestFailure) -> SiteResponse {
        let report = try report(visit)
        let rows: ReportRows
        do throws(ReportFailure) {
            rows = try await runner.run(
                report.name, try parameters(report, visit), maximumRows: ReportRows.maximum,
                deadline: visit.deadline)
        } catch {
            throw RequestFailure(.invalidParameter, try Self.text(of: error))
        }
        guard !rows.hasMore else {
            throw RequestFailure(
                .invalidParameter,
                "The report has over \(ReportRows.maximum) rows; narrow its parameters, or run countersign report."
            )
        }
        return SiteResponse(
            file: rows.result.csv(forSpreadsheets: true), type: "text/csv; charset=utf-8",
            named: "\(report.name).csv")
    }

    private func report(_ visit: AdministratorVisit) throws(RequestFailure) -> ReportDescription {
        guard let report = catalog.report(named: try visit.query.value("name") ?? "") else {
            throw RequestFailure(.notFound, "There is no report of this name.")
        }
        return report
    }

    /// The parameters' values. Those that the form left empty are left out.
    private func values(_ report: ReportDescription, _ visit: AdministratorVisit) throws(RequestFailure)
        -> [String: String]
    {
        var values: [String: String] = [:]
        for parameter in report.parameters {
            if let value = try visit.query.text(parameter.name) { values[parameter.name] = value }
        }
        return values
    }

    private func parameters(_ report: ReportDescription, _ visit: AdministratorVisit) throws(ReportFailure)
        -> [String: String]
    {
        do throws(RequestFailure) {
            return try values(report, visit)
        } catch {
            throw .request(error)
        }
    }

    private static func form(
        _ report: ReportDescription, _ values: [String: String], fault: (name: String, reason: String)? = nil
    ) -> FormView {
        FormView(
            query: "/report", hidden: [("name", report.name), (run, "1")],
            report.parameters.map { parameter in
                FormView.Field(parameter.name, parameter.name, value: values[parameter.name]).with {
                    $0.hint = "\(parameter.meaning); by default \(parameter.defaultMeaning)"
                    if fault?.name == parameter.name { $0.fault = fault?.reason }
                }
            }, button: "Run the report")
    }

    private func answer(_ rows: ReportRows, _ report: ReportDescription, _ values: [String: String])
        -> [SectionsView.Section]
    {
        let count = rows.result.rows.count
        let table = TableView(
            "", rows.result.columns.map { .init($0.name, isNumber: $0.kind == .number) },
            rows.result.rows.map { row in
                zip(rows.result.columns, row).map { column, value in
                    column.kind == .number ? .number(value ?? "") : .text(value ?? "")
                }
            }, emptyText: "The report has no rows for these parameters.")
        let query =
            [("name", report.name)]
            + report.parameters.compactMap { parameter in
                values[parameter.name].map { (parameter.name, $0) }
            }
        let download = FormView(query: "/report/download", hidden: query, [], button: "Download as CSV")
        // The file stands before the table, which may be long.
        return [
            SectionsView.Section(
                "Answer",
                introduction: rows.hasMore
                    ? "The first \(count) rows; the file has more."
                    : "\(count) \(count == 1 ? "row" : "rows").", forms: [download]),
            SectionsView.Section(table: table),
        ]
    }

    private static func columns(_ report: ReportDescription) -> SectionsView.Section {
        SectionsView.Section(
            "Columns",
            table: TableView(
                "", [.init("Column"), .init("Meaning")],
                report.columns.map { [.text($0.name), .text($0.meaning)] }, emptyText: ""))
    }

    /// What the page says of a failure.
    ///
    /// - Throws: The failure, if it is the service's.
    private static func text(of failure: ReportFailure) throws(RequestFailure) -> String {
        switch failure {
        case .invalidParameter(_, let reason), .unavailable(let reason): return reason
        case .noSuchReport: throw RequestFailure(.notFound, "There is no report of this name.")
        case .timedOut:
            return "The report took too long for a page. Narrow its parameters, or run countersign report."
        case .notConfigured(let setting): throw .missingSetting(setting)
        case .request(let failure): throw failure
        }
    }
}
