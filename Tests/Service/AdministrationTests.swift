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
            try await run("user", "add", "--operator", "INITECH", "--username", "anna", input: "x\n"), "anna")
        failed(
            try await run("user", "add", "--operator", "NOBODY", "--username", "anna", input: "x\n"), "NOBODY"
        )
        let hashes = try await TestDatabase.current.session.texts(
            "SELECT password_hash FROM countersign.operator_user")
        #expect(hashes.count == 1)
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

    @Test("A file without a required column is refused", .database)
    func aFileWithoutAColumnIsRefused() async throws {
        let result = try await run("charges", "import", "-", "--format", "csv", input: "operator,number\n")
        failed(result, "billing_system_customer_identifier")
    }
}
