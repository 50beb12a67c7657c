import Foundation
import TestSupport
import Testing

/// Tests of the commands for operators, users and imports.
@Suite struct AdministrationTests {
    private static let header =
        "operator,number,billing_system_customer_identifier,amount,currency,local_currency_amount,"
        + "local_currency,paid_through_date"

    private func run(_ arguments: String..., input: String = "") async throws -> Program.Result {
        let environment = ["DATABASE_URL": TestDatabase.current.administrationConnectionString]
        let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
        return try await Program.bash(
            "printf %s \"$INPUT\" | countersign \(quoted)",
            environment: environment.merging(["INPUT": input]) { $1 }, in: "/tmp")
    }

    private func failed(_ result: Program.Result, _ line: String) {
        #expect(result.status == 1)
        #expect(result.error.split(separator: "\n").count == 1)
        #expect(result.error.contains(line), "\(result.error)")
    }

    @Test("Operators and users are added once", .database)
    func operatorsAndUsersAreAddedOnce() async throws {
        #expect(
            try await run("operator", "add", "INITECH", "--currency", "EUR", "--window", "36h").status == 0)
        failed(try await run("operator", "add", "INITECH", "--currency", "EUR"), "INITECH")
        let added = try await run(
            "user", "add", "--operator", "INITECH", "--username", "anna", input: "a long password\n")
        #expect(added.status == 0)
        failed(
            try await run(
                "user", "add", "--operator", "INITECH", "--username", "anna", input: "a long password\n"),
            "anna")
        failed(
            try await run(
                "user", "add", "--operator", "NOBODY", "--username", "anna", input: "a long password\n"),
            "NOBODY"
        )
        let hashes = try await TestDatabase.current.session.texts(
            "SELECT password_hash FROM countersign.operator_user")
        try #require(hashes.count == 1)
        #expect(hashes[0]?.contains("password") == false)
    }

    @Test("A user without a password is refused", .database)
    func aPasswordMustCome() async throws {
        let result = try await run("user", "add", "--operator", "ACME", "--username", "anna")
        #expect(result.status == 2)
        #expect(result.error.contains("password"))
    }

    @Test("A CSV file is imported, and its charge is shown", .database)
    func aFileComesInAndIsShown() async throws {
        let file = Self.header + "\r\nACME,\"I,1\",\"said \"\"pci\"\"\",9.90,USD,9.10,EUR,2026-12-23\r\n"
        let imported = try await run("charges", "import", "-", "--format", "csv", input: file)
        #expect(imported.status == 0, "\(imported.error)")
        #expect(imported.output == "1 charge was imported.\n")
        // The output is no terminal: no progress bar.
        #expect(imported.error == "")
        let shown = try await run("charges", "show", "I,1", "--operator", "ACME", "--format", "json")
        #expect(shown.output.contains(#""billing_system_customer_identifier":"said \"pci\"""#))
        #expect(shown.output.contains(#""amount":9.90"#))
        let text = try await run("charges", "show", "I,1", "--operator", "ACME")
        #expect(text.output.contains("No decisions."))
        failed(
            try await run("charges", "show", "I,1", "--operator", "GLOBEX"),
            "operator GLOBEX has no charge I,1")
    }

    @Test("NDJSON is imported, and known charges are skipped on request", .database)
    func ndjsonComesInAndKnownChargesArePassedOver() async throws {
        let line = """
            {"operator": "ACME", "number": "I7", "billing_system_customer_identifier": "p", "amount": 9.9, \
            "currency": "USD", "local_currency_amount": 9.10, "local_currency": "EUR", \
            "paid_through_date": "2026-12-23", "decision": "ACCEPTED", "decided_on": "2026-11-01", \
            "reference_number": "R-1"}

            """
        #expect(try await run("charges", "import", "-", "--format", "ndjson", input: line).status == 0)
        failed(try await run("charges", "import", "-", "--format", "ndjson", input: line), "line 1")
        let again = try await run("charges", "import", "-", "--format", "ndjson", "--skip-known", input: line)
        #expect(again.status == 0)
        #expect(again.output == "0 charges were imported.\n")
        let shown = try await run("charges", "show", "I7", "--operator", "ACME", "--format", "json")
        #expect(shown.output.contains(#""reference_number":"R-1""#))
    }

    @Test(
        "A malformed line is named, and nothing is imported",
        .database,
        arguments: [
            ("ACME,I2,p,9.999999,USD,9.10,EUR,2026-12-23", "line 3"),
            ("ACME,I2,p,9.90,USD,9.10,EUR", "line 3"),
            ("NOBODY,I2,p,9.90,USD,9.10,EUR,2026-12-23", "line 3"),
            ("ACME,\"I2,p,9.90,USD,9.10,EUR,2026-12-23", "line 3"),
            ("ACME,I1,p,9.90,USD,9.10,EUR,2026-12-23", "line 3"),
            ("ACME,I2,p,9.90,USD,9.10,EUR,2026-02-30", "line 3"),
        ])
    func aBadLineIsNamedAndNothingIsIn(line: String, named: String) async throws {
        let file = "\(Self.header)\nACME,I1,p,9.90,USD,9.10,EUR,2026-12-23\n\(line)\n"
        let result = try await run("charges", "import", "-", "--format", "csv", input: file)
        failed(result, named)
        #expect(result.error.contains("nothing was imported"))
        #expect(try await TestDatabase.current.session.count("SELECT count(*) FROM countersign.charge") == 0)
    }

    @Test("A byte order mark is skipped", .database)
    func aByteOrderMarkIsPassedOver() async throws {
        let csv =
            "\u{FEFF}\"operator\"" + Self.header.dropFirst(8) + "\nACME,I1,p,9.90,USD,9.10,EUR,2026-12-23"
        let first = try await run("charges", "import", "-", "--format", "csv", input: csv)
        #expect(first.output == "1 charge was imported.\n", "\(first.error)")
        let line = """
            \u{FEFF}{"operator": "ACME", "number": "I2", "billing_system_customer_identifier": "p", "amount": 9.9, \
            "currency": "USD", "local_currency_amount": 9.10, "local_currency": "EUR", \
            "paid_through_date": "2026-12-23"}
            """
        let second = try await run("charges", "import", "-", "--format", "ndjson", input: line)
        #expect(second.output == "1 charge was imported.\n", "\(second.error)")
    }

    @Test(
        "A value of the wrong type is reported with its field",
        .database,
        arguments: [
            (#""operator": "AC\u0000ME", "number": "I1""#, "operator must be"),
            (#""operator": "ACME", "number": true"#, "number must be"),
        ])
    func aValueOfTheWrongKindIsNamed(members: String, named: String) async throws {
        let line = """
            {\(members), "billing_system_customer_identifier": "p", "amount": 9.9, "currency": "USD", \
            "local_currency_amount": 9.10, "local_currency": "EUR", "paid_through_date": "2026-12-23"}
            """
        let result = try await run("charges", "import", "-", "--format", "ndjson", input: line)
        failed(result, "line 1: " + named)
    }

    @Test("A file with semicolons and decimal commas is imported", .database)
    func aFileWithSemicolons() async throws {
        let file =
            "\u{FEFF}" + Self.header.replacing(",", with: ";")
            + "\r\nACME;I1;p;9,90;USD;9,1;EUR;2026-12-23\r\n"
        let result = try await run("charges", "import", "-", "--format", "csv", input: file)
        #expect(result.output == "1 charge was imported.\n", "\(result.error)")
        #expect(
            try await TestDatabase.current.session.texts(
                "SELECT amount || ' ' || local_currency_amount FROM countersign.charge") == ["9.90 9.1"])
    }

    @Test("A check lists every fault with its line, column, value and a hint", .database)
    func aCheckListsEveryFault() async throws {
        let lines = [
            Self.header, "ACME,I1,p,\"9,90\",usd,9.10,EUR,2026-12-23",
            "ACME,I2, \"p\",9.90,USD,9.10,EUR,2026-12-23",
            "NOBODY,1.23457E+10,p,9.90,USD,9.10,EUR,2026-12-23", "NOBODY,I4,p,9.90,USD,9.10,EUR,2026-12-23",
            "ACME,I5\u{1B},p,9.90,USD,9.10,EUR,2026-12-23", "ACME,I6,p,9.90,USD,9.10,EUR,2026-12-23",
        ]
        let file = lines.joined(separator: "\n") + "\n"
        let result = try await run("charges", "import", "--check", "-", "--format", "csv", input: file)
        failed(result, "6 faults; nothing was imported")
        let listed = result.output.split(separator: "\n").dropFirst().map {
            $0.split(separator: " ", omittingEmptySubsequences: true).prefix(3).joined(separator: " ")
        }
        #expect(
            listed == [
                "2 amount 9,90", "2 currency usd", "3 - -", "4 number 1.23457E+10", "5 operator NOBODY",
                #"6 number I5\u001b"#,
            ], "\(result.output)")
        let whole = [Self.header, lines[6]].joined(separator: "\n")
        let right = try await run("charges", "import", "--check", "-", "--format", "csv", input: whole)
        #expect(right.status == 0)
        #expect(right.output.contains("No faults in 1 charge."))
        #expect(try await TestDatabase.current.session.count("SELECT count(*) FROM countersign.charge") == 0)
    }

    @Test("An import says what a policy will do with its undecided charges", .database)
    func anImportSaysWhatAPolicyWillDo() async throws {
        #expect(try await run("operator", "set", "ACME", "--undecided", "accept").status == 0)
        let file = Self.header + ",received_on\nACME,I1,p,9.90,USD,9.10,EUR,2026-12-23,2026-01-01\n"
        let result = try await run("charges", "import", "-", "--format", "csv", input: file)
        #expect(
            result.error.contains("Operator ACME: its 1 undecided charge will be accepted at "),
            "\(result.error)")
    }

    @Test("A control character in a name is refused, and printed escaped", .database)
    func controlCharactersInNames() async throws {
        let user = try await run(
            "user", "add", "--operator", "ACME", "--username", "an\u{1B}na", input: "a long password\n")
        failed(user, "without control characters")
        failed(try await run("key", "add", "--operator", "ACME", "k\u{7}"), "visible ASCII")
        failed(try await run("provider-key", "add", "k\u{9B}"), "visible ASCII")
        let shown = try await run("charges", "show", "I\u{1B}[31m", "--operator", "ACME")
        failed(shown, #"has no charge I\u001b[31m"#)
        #expect(!shown.error.contains("\u{1B}"))
    }

    @Test("A file without a required column is refused", .database)
    func aFileWithoutAColumnIsRefused() async throws {
        let result = try await run("charges", "import", "-", "--format", "csv", input: "operator,number\n")
        failed(result, "billing_system_customer_identifier")
    }
}
