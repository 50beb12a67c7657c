import CLibPQ

/// What a pipeline's statements gave. Frees libpq's results when it ends.
public struct PipelineResults: ~Copyable {
    private let results: [OpaquePointer]

    /// - Parameter results: One for each statement, in order; they are now this value's.
    init(_ results: [OpaquePointer]) {
        self.results = results
    }

    deinit {
        for result in results { PQclear(result) }
    }

    /// The decoded rows of one statement.
    public borrowing func rows<Row>(_ slot: PipelineSlot<Row>) throws(PostgresError) -> [Row] {
        let result = results[slot.index]
        let count = PQntuples(result)
        var rows: [Row] = []
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var reader = RowReader(result, row: row)
            rows.append(try slot.decode(&reader))
        }
        return rows
    }

    /// How many rows a statement inserted, updated or selected.
    public borrowing func affectedRowCount<Row>(_ slot: PipelineSlot<Row>) -> Int {
        PQcmdTuples(results[slot.index]).flatMap { Int(String(cString: $0)) } ?? 0
    }
}
