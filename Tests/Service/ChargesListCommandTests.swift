import Foundation
import TestSupport
import Testing

/// Tests of `countersign charges list`, run as an administrator.
@Suite struct ChargesListCommandTests {
    private func list(
        _ options: String = "", then pipe: String = "", operatorCode: String = "ACME"
    ) async throws -> Program.Result {
        try await Program.bash(
            "countersign charges list --operator \(operatorCode) \(options) \(pipe)",
            environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString], in: "/tmp")
    }

    /// Charges `N1`, `N2`, …, of which each came in a minute after the one before.
    private func addCharges(_ count: Int) async throws {
        try await TestDatabase.current.addCharges(count, prefix: "N")
        try await TestDatabase.current.session.execute(
            """
            UPDATE countersign.charge
            SET received_on = timestamptz '2026-10-01Z' + substr(number, 2)::int * interval '1 minute'
            """)
    }

    @Test("Some thousand charges come in each format, complete and in order", .database)
    func someThousandCharges() async throws {
        try await addCharges(3456)
        let expected = (1...3456).map { "N\($0)" }
        let csv = try await list("--format csv")
        #expect(csv.status == 0 && csv.error == "", "\(csv.error)")
        let records = csv.output.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(
            records.first == [
                "number", "billing_system_customer_identifier", "amount", "currency", "local_currency_amount",
                "local_currency", "paid_through_date", "charge_status", "received_on", "set_as_approved_on",
                "set_as_declined_on", "set_as_bad_request_on", "set_as_rejected_request_on", "decision",
                "decided_on", "decision_reference_number", "provider_charge_id", "taken_on",
                "acknowledged_on",
            ])
        #expect(records.dropFirst().map { $0[0] } == expected)
        #expect(
            records.last == [
                "N3456", "cN3456", "9.90", "USD", "9.10", "EUR", "2026-12-01T00:00:00", "PENDING",
                "2026-10-03T09:36:00", "", "", "", "", "", "", "", "", "", "",
            ])
        let json = try await list("--format json")
        let objects = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(objects?.map { $0["number"] as? String } == expected)
        let lines = try await list("--format ndjson").output.split(separator: "\n")
        #expect(lines.count == 3456)
        let shown = try await Program.bash(
            "countersign charges show N3456 --operator ACME --format json",
            environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString], in: "/tmp")
        #expect(shown.output.hasPrefix(lines.last?.dropLast() ?? "none"))
        let table = try await list().output.split(separator: "\n")
        try #require(table.count == 3457)
        #expect(table[0].hasPrefix("number  billing_system_customer_identifier  local_currency_amount"))
        #expect(table[1].hasPrefix("N1      cN1                                 9.10 "))
    }

    @Test("Options select by customer, status and period, with the API's words", .database)
    func optionsSelect() async throws {
        try await addCharges(6)
        try await TestDatabase.current.session.execute(
            """
            UPDATE countersign.charge SET billing_system_customer_identifier = 'anna' WHERE number IN ('N2', 'N5');
            UPDATE countersign.charge SET charge_status = 'BAD_REQUEST', set_as_bad_request_on = now(),
                acknowledged_on = now()
            WHERE number IN ('N1', 'N2')
            """)
        for (options, numbers) in [
            ("--customer anna", ["N2", "N5"]), ("--customer nobody", []),
            ("--status PENDING", ["N3", "N4", "N5", "N6"]), ("--status APPROVED", []),
            ("--status NOT_PROCESSED --customer anna", ["N5"]), ("--status PROCESSED", ["N1", "N2"]),
            ("--status BAD_REQUEST --customer anna", ["N2"]),
            ("--from 2026-10-01T00:02:00 --to 2026-10-01T00:04:00", ["N2", "N3"]),
            ("--from 2026-10-02", []), ("--to 2026-10-01T00:02:00", ["N1"]),
        ] {
            let listed = try await list(options + " --format csv", then: "| tail -n +2 | cut -d, -f1")
            #expect(listed.status == 0 && listed.error == "", "\(listed.error)")
            #expect(listed.output.split(separator: "\n").map(String.init) == numbers, "\(options)")
        }
    }

    @Test("No charges are an empty array, a header alone, or nothing", .database)
    func nothingIsListed() async throws {
        #expect(try await list("--format json").output == "[]\n")
        #expect(try await list("--format ndjson").output == "")
        for format in ["csv", "table"] {
            let output = try await list("--format \(format)").output
            #expect(output.hasPrefix("number") && output.split(separator: "\n").count == 1)
        }
    }

    @Test("A text that a spreadsheet would run is harmless in CSV, and unchanged with --raw", .database)
    func formulasAreHarmless() async throws {
        try await addCharges(1)
        try await TestDatabase.current.session.execute(
            "UPDATE countersign.charge SET billing_system_customer_identifier = '=1+1,\"a\"'")
        #expect(try await list("--format csv").output.contains("N1,\"'=1+1,\"\"a\"\"\",9.90,"))
        #expect(try await list("--format csv --raw").output.contains("N1,\"=1+1,\"\"a\"\"\",9.90,"))
        #expect(try await list("--format json").output.contains(#":"=1+1,\"a\"","amount":9.90,"#))
    }

    @Test("On a terminal the table is aligned, and the progress is gone from its lines", .database)
    func aTerminalGetsATable() async throws {
        try await addCharges(1200)
        let result = try await Program.bash(
            "TERM=xterm script -qec 'countersign charges list --operator ACME' /dev/null",
            environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString], in: "/tmp")
        #expect(result.status == 0)
        let lines = result.output.split(whereSeparator: \.isNewline)
        #expect(
            lines.contains { $0.contains("\u{1B}[1mN1200\u{1B}[0m   cN1200 ") },
            "\(result.output.suffix(500))"
        )
        #expect(lines.contains { $0.contains("1200 charges were listed.") })
    }

    @Test("The progress is shown on a terminal while a file is written", .database)
    func aFileIsWrittenWithProgress() async throws {
        try await addCharges(10)
        let result = try await Program.bash(
            "script -qec 'countersign charges list --operator ACME --format csv > /dev/null' /dev/null",
            environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString], in: "/tmp")
        #expect(result.output.contains("listing"))
        #expect(result.output.contains("10 charges were listed."))
        #expect(!result.output.contains("PENDING"))
    }

    @Test("A reader that has enough ends the command without a word; a full disk is an error", .database)
    func aClosedPipeIsNoError() async throws {
        try await addCharges(3000)
        for format in ["table", "csv", "json", "ndjson"] {
            let result = try await list("--format \(format)", then: "| head -1")
            #expect(result.status == 0 && result.error == "", "\(format): \(result.error)")
            #expect(result.output.split(separator: "\n").count == 1)
        }
        let full = try await list("--format csv", then: "> /dev/full")
        #expect(full.status == 1)
        #expect(full.error == "countersign: standard output cannot be written: No space left on device\n")
    }

    @Test("Wrong input is one line and exit status 2")
    func wrongInputIsOneLine() async throws {
        for (options, line) in [
            ("--status pending", "--status must be one of PENDING, APPROVED"),
            ("--status ''", "--status must be"), ("--from soon", "--from must be a date in UTC"),
            ("--to 2026-02-30", "--to must be a date"), ("--from 2026-10-01T00:00:00Z", "--from must be"),
            ("--from 2026-10-02 --to 2026-10-02", "--from must be before --to"),
            ("--raw", "--raw is for --format csv"),
        ] {
            // Nothing listens there: input is checked first.
            let result = try await Program.bash(
                "countersign charges list --operator ACME \(options) --database host=/nowhere", in: "/tmp")
            #expect(result.status == 2 && result.output == "")
            #expect(result.error.hasPrefix("countersign: \(line)"), "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1)
        }
    }

    @Test("An operator that does not exist is one line and exit status 1", .database)
    func anUnknownOperatorIsOneLine() async throws {
        let result = try await list(operatorCode: "NOBODY")
        #expect(result.status == 1 && result.output == "")
        #expect(result.error == "countersign: operator NOBODY does not exist\n")
    }
}
