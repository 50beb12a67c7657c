import TestSupport
import Testing

/// Tests of `countersign check`, run as an administrator.
@Suite struct CheckCommandTests {
    private func check(_ options: String = "") async throws -> Program.Result {
        try await Program.bash(
            "countersign check \(options)",
            environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString], in: "/tmp")
    }

    @Test("A database without violations is exit status 0", .database)
    func nothingIsViolated() async throws {
        let text = try await check()
        #expect(text.status == 0 && text.output == "", "\(text.error)")
        #expect(text.error.contains("rules hold."))
        let json = try await check("--format json")
        #expect(json.status == 0 && json.output == "[]\n")
    }

    @Test("Each violation is a line with rule, operator and number, and the exit status is 1", .database)
    func violationsAreNamed() async throws {
        try await TestDatabase.current.addCharges(2, prefix: "N")
        try await TestDatabase.current.session.execute(
            """
            UPDATE countersign.charge
            SET revision = 1, decision = 'ACCEPTED', decided_on = now(), decision_made_by = 'operator';
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
            SELECT 1, 'N"3', 0, 'ACKNOWLEDGED', 'operator', now(), false, gen_random_uuid()
            """)
        let text = try await check()
        #expect(text.status == 1)
        let lines = text.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 6, "\(text.output)")
        #expect(
            lines.first == #"history-without-charge  ACME  N"3  ACKNOWLEDGED (revision 0) is of no charge"#)
        for number in ["N1", "N2"] {
            for rule in ["decision-not-in-history", "revisions-with-gaps"] {
                #expect(lines.contains { $0.hasPrefix("\(rule)  ACME  \(number)  ") }, "\(text.output)")
            }
        }
        #expect(text.error.hasPrefix("countersign: 6 violations of 4 of "))
        let json = try await check("--format json")
        #expect(json.status == 1)
        #expect(
            json.output.hasPrefix(
                #"[{"rule":"history-without-charge","operator":"ACME","number":"N\"3","detail":"#))
        #expect(json.output.hasSuffix("}\n]\n"))
    }

    @Test("The rules are listed without a database")
    func theRulesAreListed() async throws {
        let result = try await Program.bash("countersign check --list", in: "/tmp")
        #expect(result.status == 0)
        #expect(result.output.contains("feed-order"))
    }
}
