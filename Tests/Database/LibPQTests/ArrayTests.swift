import LibPQ
import TestSupport
import Testing

/// Tests of arrays, which are sent and read in the binary format.
@Suite(.ownThread) struct ArrayTests {
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("Arrays of text keep every character, empty string and NULL", .database)
    func textsOfEveryKindComeBack() throws {
        let arrays: [[String?]] = [
            [], [""], [nil], ["NULL", nil, "null"], ["a", "b"],
            ["it's", "\"", "\\", "\\\"", "{", "}", "{}", ",", " ", "\n", "日本語", "👩‍👩‍👧‍👦"],
            [String(repeating: "long ", count: 100_000), nil, ""],
        ]
        for array in arrays {
            let echo = try connection.echo(array)
            #expect(echo.value == array)
        }
    }

    @Test("An array's elements are numbered from 1", .database)
    func theServerCountsTheElementsFromOne() throws {
        let statement = Statement<[String?], (String?, Int32?, Int32)>(
            "", "SELECT \(\.self)[1], array_length(\(\.self), 1), cardinality(\(\.self))",
            row: { (first: String?, length: Int32?, count: Int32) in (first, length, count) })
        #expect(try connection.run(statement, ["{a,b}", nil], deadline: .inGoodTime)[0] == ("{a,b}", 2, 2))
        #expect(try connection.run(statement, [], deadline: .inGoodTime)[0] == (nil, nil, 0))
    }

    @Test("Arrays of integers keep their values", .database)
    func wholeNumbersComeBack() throws {
        for array: [Int32?] in [[], [0], [.min, nil, .max]] {
            let echo = try connection.echo(array)
            #expect(echo == (array, text(array)))
        }
        for array: [Int64?] in [[], [0], [.min, nil, .max]] {
            let echo = try connection.echo(array)
            #expect(echo == (array, text(array)))
        }
    }

    @Test("Arrays of booleans keep their values", .database)
    func booleansComeBack() throws {
        for array: [Bool?] in [[], [true, nil, false]] {
            let echo = try connection.echo(array)
            #expect(echo == (array, array.isEmpty ? "{}" : "{t,NULL,f}"))
        }
    }

    @Test("Arrays of UUIDs keep their values", .database)
    func identifiersComeBack() throws {
        for array: [PostgresUUID?] in [[], [.random(), nil, .random()]] {
            let echo = try connection.echo(array)
            #expect(echo == (array, text(array)))
        }
    }

    @Test("Arrays of timestamps keep their values", .database)
    func timesComeBack() throws {
        try connection.execute("SET TIME ZONE 'UTC'")
        for array: [Moment?] in [[], [Moment(microseconds: 0), nil, Moment(microseconds: .max)]] {
            let echo = try connection.echo(array)
            #expect(echo == (array, array.isEmpty ? "{}" : "{\"2000-01-01 00:00:00+00\",NULL,infinity}"))
        }
    }

    @Test("A NULL array is distinct from an empty one", .database)
    func anArrayThatIsNullIsNoEmptyOne() throws {
        #expect(try connection.values("SELECT NULL::text[]", as: [String]?.self) == [nil])
        #expect(try connection.values("SELECT '{}'::text[]", as: [String]?.self) == [[]])
    }

    @Test("A NULL element requires an optional element type", .database)
    func aNullElementNeedsAnOptional() throws {
        #expect(throws: PostgresError.decoding("column names (type 1009) is not a Array<String>")) {
            try connection.values("SELECT '{a,NULL}'::text[] AS names", as: [String].self)
        }
    }

    @Test("A two-dimensional array is refused, not flattened", .database)
    func anArrayOfTwoDimensionsIsNotFlattened() throws {
        #expect(throws: PostgresError.decoding("column grid (type 1007) is not a Array<Int32>")) {
            try connection.values("SELECT '{{1,2},{3,4}}'::int4[] AS grid", as: [Int32].self)
        }
    }

    private func text(_ array: [(some Any)?]) -> String {
        "{" + array.map { $0.map { "\($0)" } ?? "NULL" }.joined(separator: ",") + "}"
    }
}
