package import Charges
import LibPQ

extension AdministrationSession {
    /// Adds pending charges of an operator, declined once and named by their counts: `I00000001` of customer
    /// `C00000001`, and so on.
    ///
    /// - Parameter firstReceivedOn: When the charge with the count 0 was received; each later one came a second
    ///   after the one before it.
    package func addBenchmarkCharges(
        _ counts: ClosedRange<Int>, operatorCode: String, currency: String, firstReceivedOn: Timestamp
    ) throws(AdministrationFailure) {
        let input = BenchmarkCharges(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts,
            currency: currency, firstReceivedOn: firstReceivedOn)
        _ = try run(.addBenchmarkCharges, input, doing: "adding charges", timeout: .seconds(600))
    }

    /// Adds charges of three months with their history, named by their counts.
    ///
    /// - Parameter total: How many there are to be; the last one has just been received.
    package func addBenchmarkHistory(
        _ counts: ClosedRange<Int>, of total: Int, operatorCode: String, currency: String
    ) throws(AdministrationFailure) {
        let input = BenchmarkHistory(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts,
            currency: currency,
            total: total)
        _ = try run(.addBenchmarkHistory, input, doing: "adding history", timeout: .seconds(600))
    }

    /// Accepts charges of these counts, each under a reference number, `B-TAG-` and ten digits that go up from the
    /// first one.
    package func takeBenchmarkReferences(
        _ counts: ClosedRange<Int>, operatorCode: String, tag: String, firstReference: Int
    ) throws(AdministrationFailure) {
        let input = BenchmarkReferences(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts, tag: tag,
            firstReference: firstReference)
        _ = try run(
            .takeBenchmarkReferences, input, doing: "taking reference numbers", timeout: .seconds(600))
    }

    /// Leaves the tables as a database that has run for a while has them: vacuumed and analysed.
    package func settleBenchmarkTables() throws(AdministrationFailure) {
        for table in ["charge", "charge_history", "operator", "operator_user", "api_key"] {
            try execute(
                "VACUUM (ANALYZE) countersign.\(table)", doing: "vacuuming", timeout: .seconds(1800))
        }
    }

    /// The number by which the database knows an operator.
    package func benchmarkOperatorIdentifier(code: String) throws(AdministrationFailure)
        -> OperatorIdentifier
    {
        try operatorIdentifier(code: code)
    }

    /// How many rows the history has of these operators' charges.
    package func historyRowCount(of operators: [OperatorIdentifier]) throws(AdministrationFailure) -> Int {
        Int(try run(.historyRowCount, operators, doing: "counting", timeout: .seconds(600)).first ?? 0)
    }

    /// How much the database has done so far.
    package func benchmarkCounters() throws(AdministrationFailure) -> BenchmarkCounters {
        guard let counters = try run(.benchmarkCounters, (), doing: "reading counters").first else {
            throw AdministrationFailure("the database does not tell its counters")
        }
        return counters
    }

    /// Settings of the server as SHOW gives them, in the order of their names.
    package func serverSettings(_ names: [String]) throws(AdministrationFailure) -> [ServerSetting] {
        try run(.serverSettings, names, doing: "reading the server's settings")
    }

    /// Has the server make a checkpoint, and returns when it is made.
    package func checkpoint() throws(AdministrationFailure) {
        try execute("CHECKPOINT", doing: "the checkpoint", timeout: .seconds(600))
    }

    /// Whether decisions wait for their positions in the provider's feed.
    package func hasUnpublishedDecisions() throws(AdministrationFailure) -> Bool {
        try run(.hasUnpublishedDecisions, (), doing: "looking at the feed").first ?? false
    }

    /// The server process of this session.
    package var serverProcessIdentifier: Int32 { connection.backendProcessIdentifier }
}

/// How much a database has done since it was made. All but the log's length are told by server processes once a
/// second at most (manual, chapter 28.2).
package struct BenchmarkCounters: Sendable {
    package let commits: Int
    /// The length of the write-ahead log, in bytes.
    package let walBytes: Int
    /// Updates of charges, and how many of them were heap-only.
    package let updates: Int
    package let heapOnlyUpdates: Int
}

extension Statement where Input == Void, Row == BenchmarkCounters {
    static let benchmarkCounters = Statement(
        "benchmark_counters",
        """
        SELECT
            database.xact_commit, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
            charges.n_tup_upd, charges.n_tup_hot_upd
        FROM pg_stat_database AS database
        CROSS JOIN pg_stat_all_tables AS charges
        WHERE database.datname = current_database() AND charges.relid = 'countersign.charge'::regclass
        """,
        decode: { row throws(PostgresError) in
            BenchmarkCounters(
                commits: Int(try row.next(Int64.self)), walBytes: Int(try row.next(Int64.self)),
                updates: Int(try row.next(Int64.self)), heapOnlyUpdates: Int(try row.next(Int64.self)))
        })
}

extension Statement where Input == Void, Row == Bool {
    static let hasUnpublishedDecisions = Statement(
        "has_unpublished_decisions", "SELECT EXISTS (SELECT FROM countersign.unpublished_batch)",
        decode: { row throws(PostgresError) in try row.next(Bool.self) })
}

/// A setting of the server, as SHOW gives it.
package struct ServerSetting: Sendable {
    package let name: String
    package let value: String
}

extension Statement where Input == [String], Row == ServerSetting {
    static let serverSettings = Statement(
        "server_settings",
        "SELECT name::text, current_setting(name) FROM pg_settings WHERE name = ANY ($1) ORDER BY name",
        parameters: [.textArray],
        bind: { names, parameters throws(PostgresError) in try parameters.append(names) },
        decode: { row throws(PostgresError) in
            ServerSetting(name: try row.next(String.self), value: try row.next(String.self))
        })
}
