import Foundation
import TestSupport
import Testing

/// Tests of `countersign statement …`, run as an administrator.
@Suite struct StatementCommandTests {
    private var database: TestDatabase { TestDatabase.current }

    private func run(_ command: String) async throws -> Program.Result {
        try await Program.bash(
            "countersign statement \(command)",
            environment: ["DATABASE_URL": database.administrationConnectionString], in: "/tmp")
    }

    /// Two closed statements, the first with one event; their digests.
    private func twoStatements() async throws -> [String] {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            """
            SELECT FROM countersign.process(
                'outcome', 0, clock_timestamp() + interval '1 minute', ARRAY['ACME'], ARRAY['N1'],
                ARRAY[NULL::integer], ARRAY['REJECTED'])
            """)
        var digests: [String] = []
        for _ in 1...2 {
            let closed = try await run("close --operator ACME")
            #expect(closed.status == 0, "\(closed.error)")
            digests.append(closed.output.split(separator: "\n").map(String.init).first ?? "")
        }
        return digests
    }

    @Test("A closed statement is listed, and exported as its canonical file", .database)
    func aStatementIsExported() async throws {
        let digests = try await twoStatements()
        #expect(digests.allSatisfy { $0.count == 64 } && digests[0] != digests[1])
        let list = try await run("list --operator ACME --format json")
        #expect(
            list.output.contains(#""statement":"2","#) && list.output.contains(digests[1]), "\(list.error)")
        let file = try await run("export 1 --operator ACME")
        let lines = file.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 4, "\(file.error)")
        #expect(lines[1].hasPrefix("1,OUTCOME_REJECTED,N1,,cN1,,9.90,USD,9.10,EUR,0,provider,20"))
        #expect(lines[2] == "TOTAL,OUTCOME_REJECTED,1,,,,9.90,USD,9.10,EUR,,,")
        #expect(lines[3] == "END,,1,,,\(digests[0]),,,,,,,")
        let objects = try await run("export 1 --operator ACME --format ndjson")
        #expect(
            objects.output.hasPrefix(
                #"{"event_number":1,"event":"OUTCOME_REJECTED","number":"N1","provider_charge_id":null,"#))
        let missing = try await run("export 3 --operator ACME")
        #expect(missing.status == 1)
        #expect(missing.error == "countersign: operator ACME has no statement 3\n")
    }

    @Test("Damage is named; a consistent forgery is found by a known digest alone", .database)
    func damageIsFound() async throws {
        let digests = try await twoStatements()
        let sound = try await run("verify --operator ACME --known 1=\(digests[0]) --known 2=\(digests[1])")
        #expect(sound.status == 0 && sound.output == "2 statements are undamaged.\n", "\(sound.error)")
        try await database.session.execute(
            """
            SET session_replication_role = replica;
            UPDATE countersign.charge SET amount = 9.80;
            RESET session_replication_role
            """)
        let damaged = try await run("verify --operator ACME")
        #expect(damaged.status == 1)
        #expect(damaged.output == "statement 1: its events do not give its digest\n")
        // The forger writes all digests anew.
        try await database.session.execute(
            """
            UPDATE countersign.statement SET digest = NULL;
            DELETE FROM countersign.statement_total
            """)
        _ = try await run("close --operator ACME")
        let forged = try await run("verify --operator ACME")
        #expect(forged.status == 0, "\(forged.output)")
        let known = try await run("verify --operator ACME --known 2=\(digests[1])")
        #expect(known.status == 1)
        #expect(known.output == "statement 2: its digest is not the known one\n")
    }

    @Test("A kept file is compared with what is stored, and the first line that differs is named", .database)
    func aFileIsCompared() async throws {
        _ = try await twoStatements()
        let folder = FileManager.default.temporaryDirectory.appending(path: "statements-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for number in 1...2 {
            let exported = try await run("export \(number) --operator ACME > \(folder.path)/\(number).csv")
            #expect(exported.status == 0, "\(exported.error)")
        }
        let files = "--file \(folder.path)/1.csv --file \(folder.path)/2.csv"
        let same = try await run("verify --operator ACME \(files)")
        #expect(same.status == 0, "\(same.output)")
        _ = try await Program.bash(
            "sed -i s/9.90,USD,9.10/9.91,USD,9.10/ \(folder.path)/1.csv; echo more >> \(folder.path)/2.csv",
            environment: [:], in: "/tmp")
        let changed = try await run("verify --operator ACME \(files)")
        #expect(changed.status == 1)
        #expect(
            changed.output == """
                statement 1: line 2 of \(folder.path)/1.csv differs
                statement 2: line 3 of \(folder.path)/2.csv differs

                """)
        let none = try await run("verify --operator ACME --file /dev/null")
        #expect(none.output == "/dev/null: it is the file of no statement\n")
    }

    @Test("After a restore that lost statements, the numbering goes on behind the last known one", .database)
    func theNumberingGoesOn() async throws {
        let digests = try await twoStatements()
        let known = String(repeating: "ab", count: 32)
        let refused = try await run("resume --operator ACME --after 2 --digest \(known)")
        #expect(refused.error == "countersign: operator ACME has statement 2 or a later one\n")
        let resumed = try await run("resume --operator ACME --after 7 --digest \(known)")
        #expect(resumed.output == "The next statement of ACME has the number 8.\n", "\(resumed.error)")
        let closed = try await run("close --operator ACME")
        #expect(closed.error.contains("Statement 8 was closed with 0 events."), "\(closed.error)")
        // SHA-256 of the header's and nothing else's hash, then of both predecessors.
        let digest = try await Program.bash(
            """
            countersign statement export 8 --operator ACME | head -1 | sha256sum | cut -d ' ' -f 1 | tr -d '\n' |
                cat - <(printf '%s%s' \(digests[1]) \(known)) | xxd -r -p | sha256sum | cut -d ' ' -f 1
            """, environment: ["DATABASE_URL": database.administrationConnectionString], in: "/tmp")
        #expect(digest.output == closed.output)
        _ = try await run("close --operator ACME")
        let verified = try await run("verify --operator ACME")
        #expect(verified.output == "4 statements are undamaged.\n", "\(verified.output)\(verified.error)")
        let list = try await run("list --operator ACME --format json")
        #expect(list.output.contains(#""statement":"9""#))
    }

    @Test("A wrong --known is wrong usage", .database)
    func aWrongDigestIsRefused() async throws {
        let result = try await run("verify --operator ACME --known 1=abc")
        #expect(result.status == 2)
    }
}
