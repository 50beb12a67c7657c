/// A report as a catalogue lists it: a question that the database answers, with the parameters that it takes.
package struct ReportDescription: Equatable, Sendable {
    /// The name, such as `charges-by-day`.
    package let name: String
    /// The question, one sentence.
    package let title: String
    /// The whole description: question, parameters and columns, in lines.
    package let description: String
    /// The parameters, in the order in which a form asks for them.
    package let parameters: [ReportParameter]
    /// The columns, in order, each with its meaning.
    package let columns: [ReportColumn]
    /// The extension of PostgreSQL that the report needs; `nil` for most.
    package let requiredExtension: String?

    package init(
        name: String, title: String, description: String, parameters: [ReportParameter],
        columns: [ReportColumn], requiredExtension: String?
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.parameters = parameters
        self.columns = columns
        self.requiredExtension = requiredExtension
    }
}

/// A parameter of a report. Every one may be left out.
package struct ReportParameter: Equatable, Sendable {
    /// What a parameter takes, so that a form can ask for it.
    package enum Kind: Equatable, Sendable {
        /// The code of an operator.
        case operatorCode
        /// A day, or a moment, in ISO form: `2026-10-25`, `2026-10-25T03:00` or `2026-10-25T03:00+02:00`.
        case day
        /// A name of the time zone database, or an offset such as `+02:00`.
        case zone
        /// A whole number.
        case number
        case text
    }

    /// The name, such as `from`.
    package let name: String
    package let kind: Kind
    /// The meaning, without the default.
    package let meaning: String
    /// What the report takes if the parameter is left out, in words: `30 days before today, or before to`.
    package let defaultMeaning: String

    package init(name: String, kind: Kind, meaning: String, defaultMeaning: String) {
        self.name = name
        self.kind = kind
        self.meaning = meaning
        self.defaultMeaning = defaultMeaning
    }
}

/// A column of a report, as its description has it.
package struct ReportColumn: Equatable, Sendable {
    package let name: String
    package let meaning: String

    package init(name: String, meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}

/// The list of reports. Any thread may call it.
package protocol ReportCatalog: Sendable {
    /// Every report, in the order in which a person looks for one.
    var reports: [ReportDescription] { get }
}

extension ReportCatalog {
    /// The report of a name, compared by bytes; `nil` if there is none.
    package func report(named name: String) -> ReportDescription? {
        reports.first { $0.name.utf8.elementsEqual(name.utf8) }
    }
}

/// What runs reports, each in a read-only transaction with the limits of the role countersign_reporting. Any thread may
/// call it.
package protocol ReportRunner: Sendable {
    /// Runs a report.
    ///
    /// - Parameters:
    ///   - name: The name of a report of the catalogue.
    ///   - values: The values of parameters by their names. One that is missing or empty has the report's default.
    ///   - maximumRows: The most rows to return, at most `ReportRows.maximum`.
    ///   - deadline: The time by which the answer must be there.
    /// - Throws: `ReportFailure`.
    func run(
        _ name: String, _ values: [String: String], maximumRows: Int, deadline: ContinuousClock.Instant
    ) async throws(ReportFailure) -> ReportRows
}

/// The answer to a report, as far as its bound allows.
package struct ReportRows: Equatable, Sendable {
    /// The most rows that one run returns.
    package static let maximum = 100_000

    package let result: ReportResult
    /// Whether the report has more rows than were returned.
    package let hasMore: Bool

    package init(result: ReportResult, hasMore: Bool) {
        self.result = result
        self.hasMore = hasMore
    }
}

/// The answer to a report, as the text that the database makes of it.
package struct ReportResult: Sendable, Equatable {
    /// The kind of a column's texts.
    package enum Kind: Sendable, Equatable {
        case text, number, boolean
    }

    /// A column of the result.
    package struct Column: Sendable, Equatable {
        package let name: String
        package let kind: Kind

        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    package let columns: [Column]
    /// The rows, each with its columns' texts in order; `nil` is NULL.
    package let rows: [[String?]]

    package init(columns: [Column], rows: [[String?]]) {
        self.columns = columns
        self.rows = rows
    }
}

/// The reason why a report has no answer.
package enum ReportFailure: Error, Equatable, Sendable {
    /// A value that the report does not take.
    ///
    /// - Parameters:
    ///   - name: The parameter; `nil` if the fault lies in several together, such as an empty period.
    ///   - reason: One line for the person who gave it.
    case invalidParameter(name: String?, reason: String)
    /// There is no report of this name.
    case noSuchReport
    /// The database cannot answer this report, since an extension is missing. The reason is one line.
    case unavailable(reason: String)
    /// The report took longer than the role's limit or the deadline.
    case timedOut
    /// The node has no connection string for reports.
    ///
    /// - Parameter setting: The setting that is missing: `reporting-database`.
    case notConfigured(setting: String)
    /// The database cannot be reached, or failed.
    case request(RequestFailure)
}
