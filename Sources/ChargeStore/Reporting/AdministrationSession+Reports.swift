import LibPQ

extension AdministrationSession {
    /// Runs a report, in a transaction that can only read.
    ///
    /// - Parameter variables: Values of the report's own variables; the others keep their defaults.
    /// - Throws: `AdministrationFailure`, for instance for an operator that is not there.
    package func report(_ report: Report, _ variables: [String: String] = [:])
        throws(AdministrationFailure) -> ReportResult
    {
        let purpose = "the report \(report.name)"
        // Times are written in one way, whatever the login is set to.
        try execute("BEGIN READ ONLY; SET LOCAL DateStyle = 'ISO'", doing: purpose)
        let table: TextTable
        do {
            let sql = try report.script.statement(variables, quote: connection.literal)
            table = try connection.table(sql, deadline: .now + Self.reportTimeout)
        } catch {
            try? execute("ROLLBACK", doing: purpose)
            throw AdministrationFailure("\(purpose) failed: \(error)", cause: error)
        }
        try execute("COMMIT", doing: purpose)
        return ReportResult(
            columns: table.columns.map { .init(name: $0.name, kind: .init(typeOID: $0.typeOID)) },
            rows: table.rows)
    }

    /// How long one report may take: as long as the role countersign_reporting gives a statement.
    private static let reportTimeout = Duration.seconds(300)
}

extension ReportResult.Kind {
    fileprivate init(typeOID: UInt32) {
        let numbers: [PostgresType] = [.int2, .int4, .int8, .float8, .numeric]
        if numbers.contains(where: { $0.oid == typeOID }) {
            self = .number
        } else {
            self = typeOID == PostgresType.bool.oid ? .boolean : .text
        }
    }
}
