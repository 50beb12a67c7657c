package import Charges
import ConnectionPool
import LibPQ
import Logging

/// The reports of `sql/reports`, run on connections with a login of their own in the role countersign_reporting. They are
/// made when they are needed; a node without a connection string for them has none.
package struct PostgresReportRunner: ReportCatalog, ReportRunner {
    /// `nil` if the node has no connection string.
    let pool: ConnectionPool<ReportConnection>?
    let logger: Logger

    /// The most connections.
    static let maximumConnections = 2
    /// The name of the setting that has the connection string.
    static let setting = "reporting-database"

    package var reports: [ReportDescription] { Report.all.map(\.summary) }

    package func run(
        _ name: String, _ values: [String: String], maximumRows: Int, deadline: ContinuousClock.Instant
    ) async throws(ReportFailure) -> ReportRows {
        guard let report = Report.named(name) else { throw .noSuchReport }
        let given = values.filter { !$0.value.isEmpty }
        try report.check(given)
        guard let pool else { throw .notConfigured(setting: Self.setting) }
        let most = min(max(1, maximumRows), ReportRows.maximum)
        let result: ReportResult?
        do {
            result = try await pool.withConnection(deadline: deadline) { lease throws(PostgresError) in
                try lease.run(report, given, maximumRows: most + 1, deadline: deadline)
            }
        } catch {
            throw failure(error, of: report)
        }
        guard let result else {
            let needed = report.requiredExtension ?? ""
            throw .unavailable(reason: "The database does not have the extension \(needed).")
        }
        return ReportRows(
            result: ReportResult(columns: result.columns, rows: Array(result.rows.prefix(most))),
            hasMore: result.rows.count > most)
    }

    private func failure(_ error: LeaseError<PostgresError>, of report: Report) -> ReportFailure {
        guard case .failed(let cause) = error else { return .request(error.requestFailure) }
        if case .deadlineExceeded = cause { return .timedOut }
        if [.queryCanceled, .lockNotAvailable].contains(cause.sqlState) { return .timedOut }
        if case .server(let message, _) = cause, let fault = report.parameterFault(message) { return fault }
        logger.warning(
            "a report failed",
            metadata: ["report": "\(report.name)", "error": "\(cause.debugDescription)"])
        return .request(cause.requestFailure)
    }
}

/// A connection of a node's pool for reports.
final class ReportConnection: PooledConnection {
    private let connection: Connection

    init(
        _ parameters: ConnectionParameters, deadline: ContinuousClock.Instant,
        onNotice: @escaping (ServerMessage) -> Void
    ) throws {
        connection = try AdministrationSession.connect(parameters, deadline: deadline, onNotice: onNotice)
    }

    var isUsable: Bool { connection.isUsable }

    func close() {
        connection.close()
    }

    /// Runs a report.
    ///
    /// - Returns: `nil` if the database does not have the extension that the report needs.
    func run(
        _ report: Report, _ variables: [String: String], maximumRows: Int,
        deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> ReportResult? {
        if let name = report.requiredExtension {
            guard try connection.run(.relationExists, name, deadline: deadline).first == true else {
                return nil
            }
        }
        return try connection.run(report, variables, maximumRows: maximumRows, deadline: deadline)
    }
}

extension Report {
    /// The report as the catalogue lists it.
    var summary: ReportDescription {
        ReportDescription(
            name: name, title: question, description: description,
            parameters: entries(of: "Parameters:").map { name, meaning in
                ReportParameter(name: name, meaning: meaning)
            },
            columns: entries(of: "Columns:").map { ReportColumn(name: $0.name, meaning: $0.meaning) },
            requiredExtension: requiredExtension)
    }

    /// The entries of a section of the description: names, each with its meaning.
    private func entries(of section: String) -> [(name: String, meaning: String)] {
        description.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0 != section }.dropFirst()
            .prefix { $0.hasPrefix("  ") }
            .compactMap { line in
                line.wholeMatch(of: #/ +([a-z0-9_]+) +(.+)/#).map {
                    (String($0.output.1), String($0.output.2))
                }
            }
    }

    /// Checks values as far as that needs no database.
    ///
    /// - Throws: `invalidParameter`.
    fileprivate func check(_ values: [String: String]) throws(ReportFailure) {
        let parameters = summary.parameters
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let parameter = parameters.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw .invalidParameter(name: name, reason: "The report has no parameter \(name).")
            }
            guard value.utf8.count <= 256, !value.utf8.contains(0) else {
                throw .invalidParameter(
                    name: name, reason: "\(name) must have at most 256 characters, and none of them U+0000.")
            }
            if parameter.kind == .number {
                guard value.utf8.count <= 6, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    throw .invalidParameter(
                        name: name, reason: "\(name) must be a whole number from 0 to 999999.")
                }
            }
        }
    }

    /// The fault of a parameter that an error of the database tells of; `nil` for another error. The functions of the
    /// schema `reporting` begin their messages with the parameter's name, except for an unknown operator and an empty
    /// period.
    fileprivate func parameterFault(_ message: ServerMessage) -> ReportFailure? {
        guard SQLState.ofParameters.contains(message.sqlState) else { return nil }
        let text = message.message
        let name =
            message.sqlState == .noDataFound
            ? "operator" : script.variables.first { text.hasPrefix($0 + " ") }
        return .invalidParameter(name: name, reason: text.prefix(1).uppercased() + text.dropFirst() + ".")
    }
}

extension ReportParameter {
    /// A parameter of a description's entry, which ends with what is taken if the parameter is not given.
    fileprivate init(name: String, meaning: String) {
        let ending = " if it is not given"
        var text = Substring(meaning)
        var defaultMeaning = ""
        if text.hasSuffix(ending), let place = text.lastIndex(of: ";") {
            defaultMeaning =
                text[text.index(after: place)...].dropLast(ending.count)
                .trimmingPrefix(" ").description
            if defaultMeaning.hasSuffix(",") { defaultMeaning.removeLast() }
            text = text[..<place]
        }
        let kind: Kind =
            switch name {
            case "operator": .operatorCode
            case "from", "to": .day
            case "zone": .zone
            case "least", "limit": .number
            default: .text
            }
        self.init(name: name, kind: kind, meaning: String(text), defaultMeaning: defaultMeaning)
    }
}

extension SQLState {
    fileprivate static let noDataFound = SQLState("P0002")
    /// The codes by which the functions of the schema `reporting` refuse parameters.
    fileprivate static let ofParameters: Set = [noDataFound, invalidParameterValue, SQLState("22007")]
}
