import Foundation
import TestSupport
import Testing

/// Tests of the commands for operators, users and keys.
@Suite struct AccessCommandTests {
    private func run(_ script: String) async throws -> Program.Result {
        try await Program.bash(
            script, environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString],
            in: "/tmp")
    }

    private func done(_ script: String) async throws -> Program.Result {
        let result = try await run(script)
        #expect(result.status == 0, "\(script): \(result.error)")
        return result
    }

    private func failed(_ script: String, _ line: String, status: Int32 = 1) async throws {
        let result = try await run(script)
        #expect(result.status == status)
        #expect(result.output == "")
        #expect(result.error.contains(line), "\(result.error)")
        if status == 1 { #expect(result.error.split(separator: "\n").count == 1) }
    }

    private func json(_ text: String) throws -> [[String: String?]] {
        let array = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
        return array.map { $0.mapValues { $0 as? String } }
    }

    @Test("Operators are configured and listed", .database)
    func operatorsAreSetAndListed() async throws {
        _ = try await done(
            "countersign operator set ACME --undecided accept --window 36h --http-status always-200 --repeat success --currency USD"
        )
        let listed = try json(try await done("countersign operator list --format json").output)
        #expect(listed.map { $0["operator"] } == ["ACME", "GLOBEX"])
        let acme = try #require(listed.first)
        let settings = ["currency", "undecided", "window", "http_status", "repeat", "suspended_on"]
        #expect(settings.map { acme[$0] } == ["USD", "accept", "36h", "always-200", "success", .some(nil)])
        _ = try await done("countersign operator set ACME --http-status default --repeat failure")
        let text = try await done("countersign operator list").output
        let lines = text.split(separator: "\n").map(String.init)
        try #require(lines.count == 3)
        #expect(lines[0].hasPrefix("operator  currency  undecided  window  http_status  repeat"))
        #expect(lines[1].hasPrefix("ACME      USD       accept     36h     default      failure"))
        // The output is no terminal: no colours.
        #expect(!text.contains("\u{1B}"))
        try await failed("countersign operator set NOBODY --window 1h", "operator NOBODY does not exist")
        try await failed("countersign operator set ACME", "Give at least one setting to change", status: 2)
        try await failed("countersign operator set ACME --currency eur", "three capital letters")
    }

    @Test("operator set reports how many charges the policy will decide, and when", .database)
    func settingSaysWhatAPolicyWillDecide() async throws {
        #expect(try await done("countersign operator set ACME --window 1h").error.contains("no undecided"))
        try await TestDatabase.current.addCharges(3, prefix: "I")
        try await TestDatabase.current.session.execute(
            """
            UPDATE countersign.charge SET received_on = '2026-01-01';
            UPDATE countersign.charge
            SET revision = 1, decision = 'ACCEPTED', decided_on = now(), decision_made_by = 'operator', taken_on = now()
            WHERE number = 'I3'
            """)
        let held = try await done("countersign operator set ACME --window 2h")
        #expect(held.output == "")
        #expect(held.error.contains("Its 2 undecided charges will stay undecided."))
        let accepted = try await done("countersign operator set ACME --undecided accept").error
        // The window begins anew with the change.
        let due = try await TestDatabase.current.session.texts(
            """
            SELECT to_char((undecided_counts_from + undecided_window) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
            FROM countersign.operator WHERE code = 'ACME' AND undecided_counts_from > now() - interval '1 hour'
            """)
        let time = try #require(due.first ?? nil)
        #expect(accepted.contains("Its 2 undecided charges will be accepted at \(time) UTC"))
        // A change of another setting does not move the policy's windows.
        _ = try await done("countersign operator set ACME --repeat success")
        #expect(
            try await done("countersign operator set ACME --repeat failure").error.contains("at \(time) UTC"))
    }

    @Test("An operator is suspended and resumed once", .database)
    func operatorsAreSuspendedOnce() async throws {
        #expect(try await done("countersign operator suspend ACME").error.contains("was suspended"))
        #expect(try await done("countersign operator suspend ACME").error.contains("is already suspended"))
        let listed = try json(try await done("countersign operator list --format json").output)
        #expect(listed.map { $0["suspended_on"].flatMap { $0 } != nil } == [true, false])
        #expect(try await done("countersign operator resume ACME").error.contains("was resumed"))
        #expect(try await done("countersign operator resume ACME").error.contains("is not suspended"))
        try await failed("countersign operator suspend NOBODY", "operator NOBODY does not exist")
    }

    @Test("Users are listed, suspended, resumed and given passwords", .database)
    func usersAreListedSuspendedAndGivenPasswords() async throws {
        for name in ["anna", "bert"] {
            _ = try await done(
                "echo pw | countersign user add --allow-short --operator ACME --username \(name)")
        }
        let anna = "--operator ACME --username anna"
        #expect(try await done("countersign user suspend \(anna)").error.contains("was suspended"))
        #expect(try await done("countersign user suspend \(anna)").error.contains("is already suspended"))
        let listed = try json(try await done("countersign user list --operator ACME --format json").output)
        #expect(listed.map { $0["username"] } == ["anna", "bert"])
        #expect(listed.map { $0["suspended_on"].flatMap { $0 } != nil } == [true, false])
        #expect(try await done("countersign user list --operator GLOBEX --format json").output == "[]\n")
        #expect(try await done("countersign user resume \(anna)").error.contains("was resumed"))
        #expect(try await done("countersign user resume \(anna)").error.contains("is not suspended"))
        #expect(try await done("echo new | countersign user password --allow-short \(anna)").output == "")
        for verb in ["suspend", "resume"] {
            try await failed(
                "countersign user \(verb) --operator ACME --username nobody",
                "operator ACME has no user nobody")
        }
        try await failed(
            "echo x | countersign user password --allow-short --operator GLOBEX --username anna",
            "operator GLOBEX has no user anna")
        try await failed("countersign user list --operator NOBODY", "operator NOBODY does not exist")
        try await failed(
            "echo x | countersign user add --allow-short --operator ACME --username key:x", "key:")
    }

    @Test("A password of fewer than 12 characters needs --allow-short", .database)
    func shortPasswords() async throws {
        let anna = "--operator ACME --username anna"
        // Characters are counted, not bytes.
        for short in ["eleven char", "ελληνικαααα"] {
            try await failed(
                "echo '\(short)' | countersign user add \(anna)",
                "at least 12 characters; --allow-short allows a shorter one")
        }
        _ = try await done("echo 'twelve chars' | countersign user add \(anna)")
        try await failed("echo short | countersign user password \(anna)", "at least 12 characters")
        _ = try await done("echo short | countersign user password --allow-short \(anna)")
    }

    /// A user with such a password could never log in.
    @Test("A password that no login could use is refused", .database)
    func aPasswordThatNobodyCouldUseIsRefused() async throws {
        _ = try await done(
            "head -c 1024 /dev/zero | tr '\\0' x | countersign user add --allow-short --operator ACME --username anna"
        )
        for input in ["head -c 1025 /dev/zero | tr '\\0' x", "printf 'a\\0b\\n'"] {
            for verb in ["add --operator ACME --username bert", "password --operator ACME --username anna"] {
                try await failed("\(input) | countersign user \(verb)", "at most 1024 bytes")
            }
        }
    }

    @Test("An API key is shown once, and its name is never reused", .database)
    func aKeyIsShownOnce() async throws {
        let made = try await done("countersign key add --operator ACME billing")
        let key = made.output.trimmingCharacters(in: .newlines)
        #expect(made.output == key + "\n")
        #expect(key.count == 64 && key.allSatisfy(\.isHexDigit))
        #expect(!made.error.contains(key))
        let hashes = try await TestDatabase.current.session.texts(
            "SELECT name FROM countersign.api_key WHERE key_hash = sha256('\(key)')")
        #expect(hashes == ["billing"])
        try await failed("countersign key add --operator ACME billing", "names cannot be reused")
        try await failed("countersign key add --operator ACME 'a b'", "visible ASCII")
        try await failed("countersign key add --operator NOBODY billing", "operator NOBODY does not exist")
        _ = try await done("countersign key add --operator GLOBEX billing")
        #expect(
            try await done("countersign key revoke --operator ACME billing").error.contains("was revoked"))
        #expect(
            try await done("countersign key revoke --operator ACME billing").error.contains(
                "is already revoked")
        )
        try await failed("countersign key revoke --operator ACME other", "operator ACME has no key other")
        try await failed("countersign key add --operator ACME billing", "names cannot be reused")
        let listed = try json(try await done("countersign key list --format json").output)
        #expect(listed.map { $0["operator"] } == ["ACME", "GLOBEX"])
        #expect(listed.map { $0["revoked_on"].flatMap { $0 } != nil } == [true, false])
        #expect(!(try await done("countersign key list").output.contains(key)))
    }

    @Test("A provider key is listed without its secret", .database)
    func aProvidersKeyIsListedWithoutItself() async throws {
        #expect(try await done("countersign provider-key list --format json").output == "[]\n")
        let key = try await done("countersign provider-key add bridge").output
            .trimmingCharacters(in: .newlines)
        _ = try await done("countersign provider-key add older")
        _ = try await done("countersign provider-key revoke older")
        let listed = try json(try await done("countersign provider-key list --format json").output)
        #expect(listed.map { $0["name"] } == ["bridge", "older"])
        #expect(listed.map { $0["revoked_on"].flatMap { $0 } != nil } == [false, true])
        let text = try await done("countersign provider-key list").output
        #expect(text.hasPrefix("name "))
        #expect(!text.contains(key))
    }

    @Test("A signing key is rotated with and without the older ones", .database)
    func aSigningKeyIsRotated() async throws {
        let rotated = try await done("countersign signing-key rotate")
        #expect(rotated.output == "")
        #expect(rotated.error.contains("The older keys stay"))
        #expect(
            try await done("countersign signing-key rotate --now").error.contains(
                "The older keys were deleted"))
        #expect(
            try await TestDatabase.current.session.count("SELECT count(*) FROM countersign.signing_key") == 1)
    }
}
