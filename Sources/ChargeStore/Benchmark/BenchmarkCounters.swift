import LibPQ

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
