import Foundation
import TestSupport
import Testing

/// Tests of the rule for `from`, `to` and `zone`, which psql and `countersign report` share.
@Suite struct ReportPeriodTests {
    private static let report = URL(filePath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../sql/reports/charges-by-day.sql").standardizedFileURL.path

    /// A charge came in at each of the moments.
    private func addCharges(_ moments: [String]) async throws {
        let values = moments.enumerated().map { "(\($0 + 1), timestamptz '\($1)')" }.joined(separator: ", ")
        try await TestDatabase.current.session.execute(
            """
            INSERT INTO countersign.charge (
                operator_id, number, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, received_on)
            SELECT 1, 'N' || place, 'c', 9.90, 'USD', 9.10, 'EUR', '2026-12-01', moment
            FROM (VALUES \(values)) AS given (place, moment)
            """)
    }

    /// The days with their numbers of charges, as both programs print them; the error if both fail.
    private func days(_ parameters: [String], dateStyle: String = "ISO, MDY") async throws -> [String] {
        let environment = [
            "DATABASE_URL": TestDatabase.current.ownerConnectionString, "PGDATESTYLE": dateStyle,
            "PGTZ": "America/Lima",
        ]
        let options = parameters.map { parameter in
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (psql: "-v '\(parameter)'", command: "--\(parts[0]) '\(parts[1])'")
        }
        let psql = try await Program.bash(
            "psql -qX --csv \(options.map(\.psql).joined(separator: " ")) -f '\(Self.report)' \"$DATABASE_URL\"",
            environment: environment, in: "/tmp")
        let command = try await Program.bash(
            "countersign report charges-by-day --format csv \(options.map(\.command).joined(separator: " "))",
            environment: environment, in: "/tmp")
        #expect((psql.status == 0) == (command.status == 0), "\(parameters): \(psql.error)\(command.error)")
        guard psql.status == 0 else {
            #expect(psql.status == 3 && command.status == 1, "\(parameters)")
            #expect(command.error.split(separator: "\n").count == 1, "\(command.error)")
            return ["refused"]
        }
        #expect(command.output == psql.output, "\(parameters)")
        return command.output.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: ",")
            return "\(cells[1]) \(cells[4])"
        }
    }

    @Test("A date or date-time in ISO form bounds the period, and its own zone is honoured", .database)
    func isoTimesAreTaken() async throws {
        try await addCharges(["2026-10-24T20:30:00Z", "2026-10-24T21:30:00Z", "2026-10-25T12:00:00.5Z"])
        for (parameters, expected) in [
            (["from=2026-10-25", "to=2026-10-26"], ["2026-10-25 1"]),
            (["from=2026-10-25", "to=2026-10-26", "zone=Europe/Athens"], ["2026-10-25 2"]),
            (["from=2026-10-24T21:00", "to=2026-10-25T12:00:00"], ["2026-10-24 1"]),
            (
                ["from=2026-10-24 21:00:00", "to=2026-10-25T12:00:00.500001"],
                ["2026-10-24 1", "2026-10-25 1"]
            ),
            (["from=2026-10-24T21:00Z", "to=2026-10-26", "zone=Asia/Tokyo"], ["2026-10-25 2"]),
            (["from=2026-10-25T00:00+03:00", "to=2026-10-25T12:00Z"], ["2026-10-24 1"]),
            (["from=2026-10-25T00:00+0300", "to=2026-10-25T12:00Z"], ["2026-10-24 1"]),
            (["from=2026-10-24T18:00:00-03", "to=2026-10-25T12:00Z"], ["2026-10-24 1"]),
            (["from=2026-10-24T17:30-03:30", "to=2026-10-25T12:00Z"], ["2026-10-24 1"]),
            (["to=2026-10-25"], ["2026-10-24 2"]),
            (["from=2026-10-25T00:00:00", "to=2026-10-25T00:00:00"], ["refused"]),
            (["from=2026-10-25", "to=2026-10-24T23:00Z"], ["refused"]),
            (["from=2026-10-25", "to=2026-10-25T01:00+03:00"], ["refused"]),
        ] {
            let days = try await days(parameters)
            #expect(days == expected, "\(parameters): \(days)")
        }
    }

    @Test(
        "A time that is not ISO is refused, whatever the session's DateStyle is", .database,
        arguments: ["ISO, MDY", "SQL, DMY", "German"])
    func otherTimesAreRefused(dateStyle: String) async throws {
        try await addCharges(["2026-10-24T20:30:00Z"])
        for text in ["today", "25/10/2025", "10/25/2025", "25.10.2025", "2025-10-25 12:00 EST", "2025-02-29"]
        {
            let days = try await days(["from=\(text)", "to=9000-01-01"], dateStyle: dateStyle)
            #expect(days == ["refused"], "\(text): \(days)")
        }
        let days = try await days(["from=2025-10-25", "to=9000-01-01"], dateStyle: dateStyle)
        #expect(days == ["2026-10-24 1"], "\(days)")
    }

    @Test("A zone is a name of the time zone database, or an ISO offset whose plus means east", .database)
    func zonesAreNamesOrOffsets() async throws {
        try await addCharges(["2026-07-24T20:30:00Z", "2026-07-24T21:30:00Z"])
        let period = ["from=2026-07-01", "to=2026-08-01"]
        for (zone, expected) in [
            ("UTC", ["2026-07-24 2"]), ("Europe/Athens", ["2026-07-24 1", "2026-07-25 1"]),
            ("+03:00", ["2026-07-24 1", "2026-07-25 1"]), ("+0300", ["2026-07-24 1", "2026-07-25 1"]),
            ("+03:45", ["2026-07-25 2"]), ("-03:00", ["2026-07-24 2"]), ("Z", ["2026-07-24 2"]),
            // PostgreSQL knows it as an abbreviation as well, of winter time all year.
            ("EET", ["2026-07-24 1", "2026-07-25 1"]),
        ] {
            let days = try await days(period + ["zone=\(zone)"])
            #expect(days == expected, "\(zone): \(days)")
        }
        for zone in ["UTC+3", "EEST", "Europe/Nowhere3"] {
            let days = try await days(period + ["zone=\(zone)"])
            #expect(days == ["refused"], "\(zone): \(days)")
        }
    }

    /// Each case has a day, the next date, and the first moments of both. A charge comes in at each of these moments, and
    /// one a microsecond before.
    @Test(
        "A day lasts from the first moment of its date to the first of the next", .database,
        arguments: [
            // Midnight does not exist: the day begins at 01:00.
            ("America/Sao_Paulo", "2018-11-04", "2018-11-05", "2018-11-04T03:00Z", "2018-11-05T02:00Z"),
            ("Africa/Cairo", "2026-04-24", "2026-04-25", "2026-04-23T22:00Z", "2026-04-24T21:00Z"),
            // 23:30 was followed by 00:30.
            ("America/Toronto", "1919-03-31", "1919-04-01", "1919-03-31T04:30Z", "1919-04-01T04:00Z"),
            // Midnight comes twice: at 01:00 the clocks go back to 00:00.
            ("America/Havana", "2026-11-01", "2026-11-02", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
            ("Atlantic/Azores", "2026-10-25", "2026-10-26", "2026-10-25T00:00Z", "2026-10-26T01:00Z"),
            // The hour before midnight comes twice.
            ("Asia/Beirut", "2026-10-25", "2026-10-26", "2026-10-24T22:00Z", "2026-10-25T22:00Z"),
            // At 00:01 the clocks went back to 23:01 of the day before.
            ("America/St_Johns", "2010-11-07", "2010-11-08", "2010-11-07T02:30Z", "2010-11-08T03:30Z"),
            ("Antarctica/Casey", "2010-03-05", "2010-03-06", "2010-03-04T13:00Z", "2010-03-05T16:00Z"),
            // The day after, and the day before, a day that does not exist.
            ("Pacific/Apia", "2011-12-31", "2012-01-01", "2011-12-30T10:00Z", "2011-12-31T10:00Z"),
            ("Pacific/Apia", "2011-12-29", "2011-12-30", "2011-12-29T10:00Z", "2011-12-30T10:00Z"),
            ("Pacific/Apia", "2011-12-29", "2011-12-31", "2011-12-29T10:00Z", "2011-12-30T10:00Z"),
        ])
    func aDayIsFromItsFirstMomentToTheNext(
        zone: String, day: String, next: String, begins: String, ends: String
    ) async throws {
        try await addCharges([begins, ends].flatMap { ["\($0)' - interval '1 microsecond", $0] })
        let one = try await days(["from=\(day)", "to=\(next)", "zone=\(zone)"])
        #expect(one == ["\(day) 2"], "\(one)")
        // Each charge is counted under the day in whose period it is.
        let all = try await days(["from=1900-01-01", "to=2100-01-01", "zone=\(zone)"])
        #expect(all.count == 3 && all[1] == "\(day) 2", "\(all)")
    }

    @Test("The period of a day that does not exist is empty, not an error", .database)
    func aMissingDayIsEmpty() async throws {
        try await addCharges(["2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"])
        #expect(try await days(["from=2011-12-30", "to=2011-12-31", "zone=Pacific/Apia"]) == [])
        #expect(try await days(["from=2011-12-31", "to=2011-12-31", "zone=Pacific/Apia"]) == ["refused"])
        #expect(try await days(["from=2011-12-31", "to=2011-12-30", "zone=Pacific/Apia"]) == ["refused"])
    }

    @Test(
        "A time that the zone's clocks show twice is the first, and one that they skip is the next", .database
    )
    func aLocalTimeIsTheFirstMomentThatShowsIt() async throws {
        try await addCharges(["2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z", "2026-03-29T01:00:00Z"])
        #expect(
            try await days(["from=2026-10-25T03:10", "to=2026-10-25T03:20", "zone=Europe/Athens"])
                == ["2026-10-25 1"])
        #expect(
            try await days(["from=2026-03-29T03:30", "to=2026-03-29T04:00:01", "zone=Europe/Athens"])
                == ["2026-03-29 1"])
    }
}
