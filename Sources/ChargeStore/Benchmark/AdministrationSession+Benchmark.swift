package import Charges
import LibPQ

extension AdministrationSession {
    /// Adds pending charges of an operator, each declined once and named by its count: `I00000001` of customer
    /// `C00000001`, and so on.
    ///
    /// - Parameter firstReceivedOn: The time at which the charge with the count 0 was received; each later one came a
    ///   second after the one before it.
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
    /// - Parameter total: The number of charges in all; the last one has just been received.
    package func addBenchmarkHistory(
        _ counts: ClosedRange<Int>, of total: Int, operatorCode: String, currency: String
    ) throws(AdministrationFailure) {
        let input = BenchmarkHistory(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts,
            currency: currency,
            total: total)
        _ = try run(.addBenchmarkHistory, input, doing: "adding history", timeout: .seconds(600))
    }

    /// Accepts the charges with these counts, each under a reference number: `B-TAG-` and ten digits that go up from
    /// the first one.
    package func takeBenchmarkReferences(
        _ counts: ClosedRange<Int>, operatorCode: String, tag: String, firstReference: Int
    ) throws(AdministrationFailure) {
        let input = BenchmarkReferences(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts, tag: tag,
            firstReference: firstReference)
        _ = try run(
            .takeBenchmarkReferences, input, doing: "taking reference numbers", timeout: .seconds(600))
    }

    /// Vacuums and analyses the tables, as they are in a database that has run for a while.
    package func vacuumBenchmarkTables() throws(AdministrationFailure) {
        for table in ["charge", "charge_history", "operator", "operator_user", "api_key"] {
            try execute(
                "VACUUM (ANALYZE) countersign.\(table)", doing: "vacuuming", timeout: .seconds(1800))
        }
    }

    /// Reads an operator's identifier.
    package func benchmarkOperatorIdentifier(code: String) throws(AdministrationFailure)
        -> OperatorIdentifier
    {
        try operatorIdentifier(code: code)
    }

    /// Counts the history's rows of these operators' charges.
    package func historyRowCount(of operators: [OperatorIdentifier]) throws(AdministrationFailure) -> Int {
        try run(.historyRowCount, operators, doing: "counting", timeout: .seconds(600)).first ?? 0
    }

    /// Reads the counters of the database's work so far.
    package func benchmarkCounters() throws(AdministrationFailure) -> BenchmarkCounters {
        guard let counters = try run(.benchmarkCounters, (), doing: "reading counters").first else {
            throw AdministrationFailure("the database returned no counters")
        }
        return counters
    }

    /// Reads settings of the server as SHOW gives them, in the order of their names.
    package func serverSettings(_ names: [String]) throws(AdministrationFailure) -> [ServerSetting] {
        try run(.serverSettings, names, doing: "reading the server's settings")
    }

    /// Makes the server write a checkpoint, and returns when it is complete.
    package func checkpoint() throws(AdministrationFailure) {
        try execute("CHECKPOINT", doing: "the checkpoint", timeout: .seconds(600))
    }

    /// Whether decisions wait for their positions in the provider's feed.
    package func hasUnpublishedDecisions() throws(AdministrationFailure) -> Bool {
        try run(.hasUnpublishedDecisions, (), doing: "looking at the feed").first ?? false
    }

    /// The number of the server process that serves this session.
    package var serverProcessIdentifier: Int32 { connection.backendProcessIdentifier }
}

/// The counters of a database's work since it was made. Server processes report all but the log's length once a second
/// at most (manual, chapter 28.2).
package struct BenchmarkCounters: Sendable {
    package let commits: Int
    /// The length of the write-ahead log, in bytes.
    package let walBytes: Int
    /// The number of updates of charges, and of heap-only ones among them.
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
        row: BenchmarkCounters.init)
}

extension Statement where Input == Void, Row == Bool {
    static let hasUnpublishedDecisions = Statement(
        "has_unpublished_decisions", "SELECT EXISTS (SELECT FROM countersign.unpublished_batch)")
}

/// A setting of the server, as SHOW gives it.
package struct ServerSetting: Sendable {
    package let name: String
    package let value: String
}

extension Statement where Input == [String], Row == ServerSetting {
    static let serverSettings = Statement(
        "server_settings",
        "SELECT name::text, current_setting(name) FROM pg_settings WHERE name = ANY (\(\.self)) ORDER BY name",
        row: ServerSetting.init)
}
