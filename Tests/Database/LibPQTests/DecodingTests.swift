import LibPQ
import TestSupport
import Testing

/// Tests of decoding: a column is read as its own type, and as no other.
@Suite(.ownThread) struct DecodingTests {
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("A column of another type is refused by its name", .database)
    func aColumnOfAnotherTypeIsRefusedByName() throws {
        try refuse("SELECT 1::int8 AS amount", as: Int32.self, "column amount (type 20) is not a Int32")
        try refuse("SELECT 1::int4 AS amount", as: Int16.self, "column amount (type 23) is not a Int16")
        try refuse("SELECT 1::int4 AS amount", as: String.self, "column amount (type 23) is not a String")
        try refuse("SELECT 1::numeric AS amount", as: Int64.self, "column amount (type 1700) is not a Int64")
        try refuse("SELECT 1::float4 AS amount", as: Double.self, "column amount (type 700) is not a Double")
        try refuse("SELECT 1::int4 AS amount", as: Bool.self, "column amount (type 23) is not a Bool")
        try refuse("SELECT '1' AS amount", as: Int64.self, "column amount (type 25) is not a Int64")
        try refuse("SELECT 'x' AS name", as: [UInt8].self, "column name (type 25) is not a Array<UInt8>")
        try refuse("SELECT 'x' AS name", as: PostgresUUID.self, "column name (type 25) is not a PostgresUUID")
        try refuse("SELECT '{}'::jsonb AS body", as: String.self, "column body (type 3802) is not a String")
        try refuse(
            "SELECT '{1}'::int8[] AS amounts", as: [Int32].self,
            "column amounts (type 1016) is not a Array<Int32>"
        )
    }

    @Test("NULL is refused by the column's name where the type is not optional", .database)
    func nullIsRefusedByNameWhereItCannotBe() throws {
        try refuse("SELECT NULL::int4 AS amount", as: Int32.self, "column amount (type 23) is NULL")
        try refuse("SELECT NULL::text AS name", as: String.self, "column name (type 25) is NULL")
        try refuse("SELECT NULL::text[] AS names", as: [String].self, "column names (type 1009) is NULL")
    }

    @Test("An optional of another type is refused, not nil", .database)
    func anOptionalOfAnotherTypeIsRefusedAndNotNil() throws {
        try refuse("SELECT 'x' AS name", as: Int32?.self, "column name (type 25) is not a Optional<Int32>")
    }

    @Test("A missing column is refused", .database)
    func aColumnThatIsNotThereIsRefused() throws {
        let statement = Statement<Void, (Int32, Int32)>(
            "", "SELECT 1", row: { (first: Int32, second: Int32) in (first, second) })
        #expect(throws: PostgresError.decoding("the row has only 1 columns")) {
            try connection.run(statement, (), deadline: .inGoodTime)
        }
    }

    @Test("An initializer takes a row's columns in order", .database)
    func anInitializerTakesTheColumnsInOrder() throws {
        struct Account: Equatable, Sendable {
            let identifier: Int
            let name: String
            let tags: [String]
            let endedOn: Moment?
        }
        let statement = Statement<Void, Account>(
            "",
            """
            SELECT 7::int8, 'Ann', '{a,b}'::text[], NULL::timestamptz
            UNION ALL SELECT 8, 'Bob', '{}', '2000-01-01 00:00:01Z'
            """, row: Account.init)
        #expect(
            try connection.run(statement, (), deadline: .inGoodTime) == [
                Account(identifier: 7, name: "Ann", tags: ["a", "b"], endedOn: nil),
                Account(identifier: 8, name: "Bob", tags: [], endedOn: Moment(microseconds: 1_000_000)),
            ])
    }

    @Test("An enumeration decodes by its raw value, and an unknown one is refused", .database)
    func anEnumerationIsReadByItsRawValue() throws {
        enum Status: String, PostgresCodable {
            case open = "OPEN"
        }
        #expect(try connection.values("SELECT 'OPEN'", as: Status.self) == [.open])
        #expect(try connection.echo(Status.open) == (.open, "OPEN"))
        try refuse("SELECT 'SHUT' AS status", as: Status.self, "column status (type 25) is not a Status")
    }

    @Test("An enumeration that has all its cases decodes by their bytes", .database)
    func anEnumerationIsReadByItsCases() throws {
        enum Status: String, CaseIterable, PostgresCodable {
            case open = "OPEN"
            case opened = "OPENED"
            case none = ""
        }
        #expect(
            try connection.values("SELECT unnest(ARRAY['OPEN', 'OPENED', ''])", as: Status.self)
                == Status.allCases)
        #expect(try connection.values("SELECT NULL::text", as: Status?.self) == [nil])
        for text in ["SHUT", "OPE", "open", "OPENEDx"] {
            try refuse(
                "SELECT '\(text)' AS status", as: Status.self, "column status (type 25) is not a Status")
        }
        try refuse("SELECT 1 AS status", as: Status.self, "column status (type 23) is not a Status")
        try refuse("SELECT NULL::text AS status", as: Status.self, "column status (type 25) is NULL")
    }

    @Test("A later row that cannot be decoded is refused", .database)
    func theFailingRowMayBeALaterOne() throws {
        try refuse(
            "SELECT nullif(i, 3) AS amount FROM generate_series(1, 3) AS i", as: Int32.self,
            "column amount (type 23) is NULL")
    }

    @Test("Narrow integers decode as wider ones", .database)
    func narrowNumbersAreReadAsWiderOnes() throws {
        #expect(try connection.values("SELECT -7::int2", as: Int32.self) == [-7])
        #expect(try connection.values("SELECT -7::int2", as: Int64.self) == [-7])
        #expect(try connection.values("SELECT -7::int4", as: Int64.self) == [-7])
        #expect(try connection.values("SELECT -7::int2", as: Int.self) == [-7])
        #expect(try connection.values("SELECT -7::int4", as: Int.self) == [-7])
    }

    @Test("Dates and timestamps decode as integers", .database)
    func daysAndTimesAreReadAsNumbers() throws {
        #expect(try connection.values("SELECT '1999-12-31'::date", as: Int32.self) == [-1])
        #expect(
            try connection.values("SELECT '2000-01-01 00:00:01'::timestamp", as: Int64.self) == [1_000_000])
    }

    @Test("Every text type decodes as a string", .database)
    func everyKindOfTextIsReadAsText() throws {
        for type in ["text", "varchar", "varchar(9)", "name", "json"] {
            #expect(try connection.texts("SELECT '\"ü\"'::\(type)") == ["\"ü\""])
        }
        #expect(try connection.texts("SELECT 'ü'::char(3)") == ["ü  "])
        #expect(try connection.texts("SELECT 'literal'") == ["literal"])
    }

    @Test("A domain decodes as its base type", .database)
    func aDomainIsReadAsWhatItIsMadeOf() throws {
        try connection.execute("CREATE DOMAIN positive AS int4 CHECK (VALUE > 0)")
        #expect(try connection.values("SELECT 3::positive", as: Int32.self) == [3])
    }

    /// Checks that the row cannot be read, and that the connection can still be used.
    private func refuse<Value: PostgresDecodable & Sendable>(
        _ sql: String, as type: Value.Type, _ reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(throws: PostgresError.decoding(reason), sourceLocation: sourceLocation) {
            try connection.values(sql, as: type)
        }
        #expect(connection.isUsable, sourceLocation: sourceLocation)
    }
}
