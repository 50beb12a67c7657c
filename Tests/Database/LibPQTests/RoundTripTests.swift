import LibPQ
import TestSupport
import Testing

/// Tests of values that are sent: they come back the same, and the server reads them as they were meant.
@Suite(.ownThread) struct RoundTripTests {
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("Text round-trips byte for byte", .database)
    func textsComeBackByteForByte() throws {
        let texts = [
            "", " ", "it's", "\"quoted\"", "back\\slash", "{braces,}", "$1; --", "tab\tfeed\nreturn\r",
            "Zürich", "日本語", "👩‍👩‍👧‍👦", "e\u{301} is not \u{E9}", "\u{1}\u{7F}\u{FEFF}\u{10FFFF}",
            String(repeating: "long ", count: 500_000),
        ]
        for text in texts {
            let echo = try connection.echo(text)
            #expect(Array(echo.value.utf8) == Array(text.utf8))
            #expect(echo.text.map { Array($0.utf8) } == Array(text.utf8))
        }
        #expect(try connection.echo(nil as String?) == (nil, nil))
    }

    @Test("Booleans round-trip", .database)
    func booleansComeBack() throws {
        for value in [true, false, nil] {
            let echo = try connection.echo(value)
            #expect(echo == (value, value.map(String.init)))
        }
    }

    @Test("Integers round-trip", .database)
    func wholeNumbersComeBack() throws {
        for value: Int16? in [0, -1, .min, .max, nil] {
            let echo = try connection.echo(value)
            #expect(echo == (value, value.map { String($0) }))
        }
        for value: Int32? in [0, -1, .min, .max, nil] {
            let echo = try connection.echo(value)
            #expect(echo == (value, value.map { String($0) }))
        }
        for value: Int64? in [0, -1, .min, .max, nil] {
            let echo = try connection.echo(value)
            #expect(echo == (value, value.map { String($0) }))
        }
    }

    @Test("Floating-point numbers round-trip bit for bit", .database)
    func fractionsComeBackBitForBit() throws {
        let values: [Double?] = [
            0, -0.0, 0.1, .pi, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
            nil,
        ]
        for value in values {
            let echo = try connection.echo(value)
            #expect(echo.value?.bitPattern == value?.bitPattern)
            #expect(echo.text.flatMap { Double($0.lowercased()) }?.bitPattern == value?.bitPattern)
        }
    }

    @Test("Bytes round-trip", .database)
    func bytesComeBack() throws {
        let values: [([UInt8]?, String?)] = [
            ([], "\\x"), ([0], "\\x00"), ([0, 0x27, 0x5C, 0xFF], "\\x00275cff"), (nil, nil),
        ]
        for (bytes, text) in values {
            let echo = try connection.echo(bytes)
            #expect(echo == (bytes, text))
        }
    }

    @Test("UUIDs round-trip", .database)
    func identifiersComeBack() throws {
        for value in [PostgresUUID.random(), .random(), nil] {
            let echo = try connection.echo(value)
            #expect(echo == (value, value?.description))
        }
        let text = "00000000-0000-0000-0000-00000000000a"
        #expect(try connection.values("SELECT '\(text)'::uuid", as: PostgresUUID.self)[0].description == text)
    }

    @Test("Timestamps round-trip to the microsecond", .database)
    func timesComeBackToTheMicrosecond() throws {
        try connection.execute("SET TIME ZONE 'UTC'")
        let values: [(Int64?, String?)] = [
            (0, "2000-01-01 00:00:00+00"), (-1, "1999-12-31 23:59:59.999999+00"),
            (820_540_800_000_001, "2026-01-01 00:00:00.000001+00"), (.max, "infinity"), (.min, "-infinity"),
            (nil, nil),
        ]
        for (microseconds, text) in values {
            let moment = microseconds.map(Moment.init)
            #expect(try connection.echo(moment) == (moment, text))
        }
    }

    /// A database with another encoding than UTF-8 converts on the way.
    @Test("Text of a LATIN1 database is converted", .database)
    func textsOfAnotherEncodingComeBack() async throws {
        let name = TestDatabase.current.name + "_latin1"
        try connection.execute(
            "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        var parameters = TestDatabase.current.ownerParameters
        parameters["dbname"] = name
        let latin = try Connection(parameters, deadline: .inGoodTime)
        #expect(try latin.texts("SELECT chr(252) || 'ber'") == ["über"])
        #expect(try latin.values("SELECT length('Zürich')") == [Int32(6)])
        latin.close()
        try connection.execute("DROP DATABASE \(name)")
    }
}
