import Foundation
import TestSupport
import Testing

/// A test that docs/data-model.md matches the database.
@Suite struct DataModelTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..").standardizedFileURL.path

    /// The diagram of the migrated database.
    private static let diagram = """
        SELECT line FROM (
            SELECT 1 AS part, relname::text AS place, 0 AS number, '    ' || relname || ' {' AS line
            FROM pg_class WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'r'
            UNION ALL
            SELECT 1, relname, attnum,
                '        '
                || regexp_replace(
                    regexp_replace(format_type(atttypid, NULL), ' with time zone', 'tz'),
                    ' without time zone|^countersign\\.', '')
                || ' ' || attname || CASE WHEN attnum = ANY (conkey) THEN ' PK' ELSE '' END
            FROM pg_class
            JOIN pg_attribute ON attrelid = pg_class.oid
            LEFT JOIN pg_constraint ON conrelid = pg_class.oid AND contype = 'p'
            WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'r' AND attnum > 0
                AND NOT attisdropped
            UNION ALL
            SELECT 1, relname, 10000, '    }'
            FROM pg_class WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'r'
            UNION ALL
            SELECT 2, conname, 0,
                '    ' || parent.relname || ' ||--o{ ' || child.relname || ' : "'
                || (SELECT string_agg(attname, ', ') FROM pg_attribute
                    WHERE attrelid = conrelid AND attnum = ANY (conkey)) || '"'
            FROM pg_constraint
            JOIN pg_class AS parent ON parent.oid = confrelid
            JOIN pg_class AS child ON child.oid = conrelid
            WHERE contype = 'f' AND connamespace = 'countersign'::regnamespace
        ) AS lines
        ORDER BY part, place COLLATE "C", number
        """

    @Test("The diagram of docs/data-model.md matches the database", .database)
    func itsDiagramIsTheDatabase() async throws {
        let text = try String(contentsOfFile: Self.root + "/docs/data-model.md", encoding: .utf8)
        let block = try #require(text.firstMatch(of: #/```mermaid\nerDiagram\n((?s:.*?))\n```/#)?.output.1)
        let lines = try await TestDatabase.current.session.texts(Self.diagram).compactMap(\.self)
        let right = lines.joined(separator: "\n")
        #expect(block == right, "the right diagram is\n\(right)")
    }
}
