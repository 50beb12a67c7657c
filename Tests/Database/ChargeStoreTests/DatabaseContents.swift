import TestSupport

/// The contents of a database: all rows of the service's tables, with the transactions that wrote or locked them, and its
/// sequences.
struct DatabaseContents {
    private let session: TestSession
    private let query: String

    init(of database: TestDatabase) async throws {
        session = database.session
        let tables = try await session.texts(
            """
            SELECT oid::regclass::text FROM pg_class
            WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'r'
            """)
        let rows = tables.compactMap(\.self).map {
            "SELECT concat_ws(' ', '\($0)', xmin, xmax, content::text) FROM \($0) AS content"
        }
        query = """
            SELECT md5(string_agg(line, '' ORDER BY line)) FROM (
                \(rows.joined(separator: " UNION ALL "))
                UNION ALL SELECT concat_ws(' ', sequencename, last_value) FROM pg_sequences
            ) AS lines (line)
            """
    }

    /// A digest of the contents.
    func read() async throws -> String? {
        try await session.texts(query).first.flatMap(\.self)
    }
}
