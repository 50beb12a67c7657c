import TestSupport
import Testing

/// Tests of the functions that evaluate `from`, `to` and `zone`, against many values.
@Suite struct ReportParameterTests {
    private let database = TestDatabase.current!

    /// The session's settings by which PostgreSQL would read and print times.
    private static let settings = [
        "SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'sql_standard'",
        "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'",
        "SET TimeZone = 'America/Lima'; SET DateStyle = 'German'; SET timezone_abbreviations = 'Australia'",
    ]

    /// The single value of a query; the error's SQLSTATE if it fails.
    private func value(_ sql: String) async throws -> String {
        do {
            return try await database.session.texts("SELECT (\(sql))::text")[0] ?? "NULL"
        } catch {
            return ["22007", "22023"].first { "\(error)".contains($0) } ?? "\(error)"
        }
    }

    @Test("Only ISO dates and dates with times are moments", .database, arguments: settings)
    func onlyISOTimesAreTaken(settings: String) async throws {
        try await database.session.execute(settings)
        for (text, moment) in [
            ("2026-03-29", "2026-03-28 22:00"), ("2026-03-30", "2026-03-29 21:00"),
            ("2026-10-01T12:30", "2026-10-01 09:30"), ("2026-10-01 12:30:15", "2026-10-01 09:30:15"),
            ("2026-10-01T12:30:15.25", "2026-10-01 09:30:15.25"), ("2026-10-01T12:30Z", "2026-10-01 12:30"),
            ("2026-10-01T12:30+05:45", "2026-10-01 06:45"), ("2026-10-01 12:30-0330", "2026-10-01 16:00"),
            ("2026-10-01T12:30:15.123456-03", "2026-10-01 15:30:15.123456"),
            ("2024-02-29", "2024-02-28 22:00"), ("9999-12-31", "9999-12-30 22:00"),
        ] {
            let isIt =
                "reporting.moment('from', '\(text)', 'Europe/Athens') = timestamptz '\(moment)Z'"
            #expect(try await value(isIt) == "true", "\(text)")
        }
        for text in [
            "today", "now", "yesterday", "tomorrow", "epoch", "-infinity", "25/10/2025", "10/25/2025",
            "25.10.2025", "2025.10.25", "2025/10/25", "20251025", "2025-10", "2025-298", "2025-W43-6",
            "Oct 25 2025", "2025-Oct-25", "2025-10-25 10 pm", "2025-10-25T10", "2025-10-25T24:00",
            "2025-10-25T10:60", "2025-10-25 12:00 EST", "2025-10-25T12:00 Europe/Athens", "2025-10-25Z",
            "2025-10-25T12:00+16:00", "2025-10-25T12:00+3", "2025-10-25T12:00:00.1234567", " 2025-10-25",
            "2025-10-25 ", "2025-10-25\n", "2025-02-29", "2025-13-01", "2025-00-01", "2025-04-31",
            "0000-01-01",
            "25-10-25", "J2460974", "2025-10-25 BC", "12025-10-25", "",
        ] {
            #expect(try await value("reporting.moment('from', '\(text)', 'UTC')") == "22007", "\(text)")
        }
    }

    @Test("Only names of the time zone database and ISO offsets are zones", .database, arguments: settings)
    func onlyNamesAndOffsetsAreZones(settings: String) async throws {
        try await database.session.execute(settings)
        // The hours from UTC in July.
        for (zone, hours) in [
            ("", "0"), ("UTC", "0"), ("Z", "0"), ("Europe/Athens", "3"), ("europe/athens", "3"),
            ("+03:00", "3"),
            ("-03:00", "-3"), ("+0530", "5.5"), ("-00:30", "-0.5"), ("+14", "14"), ("Etc/GMT+3", "-3"),
            ("EST5EDT", "-4"), ("GMT", "0"), ("CET", "2"), ("MET", "2"), ("EET", "3"), ("WET", "1"),
            ("EST", "-5"), ("MST", "-7"), ("HST", "-10"),
        ] {
            let isIt = """
                (timestamptz '2026-07-01 12:00Z' AT TIME ZONE reporting.time_zone('\(zone)'))
                    = timestamp '2026-07-01 12:00' + interval '1 hour' * \(hours)
                """
            #expect(try await value(isIt) == "true", "\(zone)")
        }
        for zone in [
            "UTC+3", "GMT+3", "+3", "3", "03:00", "+16:00", "+24:00", "+03:60", "+03:00:00", "EEST", "EDT",
            "PST",
            "MSK", "Nowhere/Land", "Europe/Nowhere3", "<x>3", "EST5EDT4", "localtime", "posixrules",
            "posix/Europe/Athens", "Factory", "Europe/Athens ", "+03:00 DST", "Europe/Athens\n",
        ] {
            #expect(try await value("reporting.time_zone('\(zone)')") == "22023", "\(zone)")
        }
    }

    /// The definition, minute by minute, on the days around each change of the zone's offset.
    @Test(
        "A day's first moment is the first whose local date is not before it", .database,
        arguments: [
            "Africa/Cairo", "America/Asuncion", "America/Havana", "America/Nuuk", "America/Santiago",
            "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Casey",
            "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Pyongyang", "Asia/Tehran",
            "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Athens", "Pacific/Apia", "Pacific/Chatham",
            "Pacific/Easter", "Pacific/Kwajalein",
        ])
    func aDayBeginsWithItsFirstMoment(zone: String) async throws {
        let wrong = try await database.session.texts(
            """
            WITH change AS (
                SELECT hour FROM (
                    SELECT hour, hour AT TIME ZONE '\(zone)' - hour AT TIME ZONE 'UTC' AS shift,
                        lag(hour AT TIME ZONE '\(zone)' - hour AT TIME ZONE 'UTC') OVER (ORDER BY hour) AS earlier
                    FROM generate_series(timestamptz '1993-08-01Z', '2027-01-01Z', '1 hour') AS hour
                ) AS hours WHERE shift <> earlier
            ), day AS (
                SELECT DISTINCT (hour AT TIME ZONE '\(zone)')::date + days AS day
                FROM change, generate_series(-2, 2) AS days
                WHERE hour < '1994-01-01Z' OR hour > '2009-01-01Z'
            )
            SELECT day || ' ' || begins
            FROM day, reporting.first_moment(day, '\(zone)') AS begins
            WHERE (begins AT TIME ZONE '\(zone)')::date < day
                OR (begins - interval '1 microsecond') AT TIME ZONE '\(zone)' >= day
                OR EXISTS (
                    SELECT FROM generate_series(begins - interval '3 days', begins - interval '1 second', '15 minutes')
                        AS minute
                    WHERE minute AT TIME ZONE '\(zone)' >= day)
                OR reporting.day(begins, '\(zone)') < day
                OR reporting.day(begins - interval '1 microsecond', '\(zone)') >= day
            """)
        #expect(wrong.isEmpty)
    }

    @Test(
        "Without from a period is as long as its report's default, and without to it ends with today",
        .database)
    func aPeriodHasADefaultLength() async throws {
        let session = database.session
        for (parameters, begins, ends) in [
            (
                "\"to\" => '2026-03-30', zone => 'Europe/Nicosia', length => '7 days'", "2026-03-22 22:00",
                "2026-03-29 21:00"
            ),
            (
                "\"to\" => '2026-03-30T12:00Z', zone => '+02:00', length => '7 days'", "2026-03-23 12:00",
                "2026-03-30 12:00"
            ),
            ("\"from\" => '2026-03-29', \"to\" => '2026-03-30'", "2026-03-29", "2026-03-30"),
        ] {
            let isIt = try await session.texts(
                """
                SELECT ((begins_on, ends_on) = (timestamptz '\(begins)Z', timestamptz '\(ends)Z'))::text
                FROM reporting.parameters(\(parameters))
                """)
            #expect(isIt == ["true"], "\(parameters)")
        }
        #expect(
            try await session.texts(
                """
                SELECT concat_ws(' ', date_trunc('day', now(), 'UTC') - begins_on, ends_on - date_trunc('day', now(), 'UTC'))
                FROM reporting.parameters(length => '7 days')
                """) == ["7 days 1 day"])
    }
}
