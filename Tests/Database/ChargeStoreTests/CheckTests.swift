import ChargeStore
import Charges
import Foundation
import TestSupport
import Testing

/// Tests of the rules between rows: each violation is made with every trigger off, and is named.
@Suite struct CheckTests {
    private var database: TestDatabase { TestDatabase.current }

    /// A way to violate a rule, on a database with decided charges `N1` to `N4`, of which `N1` has two decisions.
    struct Damage: Sendable, CustomTestStringConvertible {
        let check: String
        /// The violations, as `OPERATOR NUMBER`.
        let named: Set<String>
        let sql: String

        init(_ check: String, _ named: Set<String>, _ sql: String) {
            self.check = check
            self.named = named
            self.sql = sql
        }

        var testDescription: String { check }
    }

    private static let damages: [Damage] = [
        Damage("history-without-charge", ["ACME N2"], "DELETE FROM countersign.charge WHERE number = 'N2'"),
        Damage(
            "history-without-charge", ["ACME N9"],
            """
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
            SELECT 1, 'N9', 1, 'ACCEPTED', 'operator', now(), false, batch_id
            FROM countersign.charge_history LIMIT 1
            """),
        Damage(
            "decision-not-in-history", ["ACME N2"],
            "UPDATE countersign.charge SET decision = 'DECLINED' WHERE number = 'N2'"),
        Damage(
            "decision-not-in-history", ["ACME N2"],
            "UPDATE countersign.charge SET decision_reference_number = 'other' WHERE number = 'N2'"),
        Damage(
            "decision-not-in-history", ["ACME N2"],
            "UPDATE countersign.charge SET decided_on = now() - interval '1 day' WHERE number = 'N2'"),
        Damage(
            "revisions-with-gaps", ["ACME N1"],
            "DELETE FROM countersign.charge_history WHERE number = 'N1' AND revision = 1"),
        Damage(
            "revisions-with-gaps", ["ACME N2"],
            """
            UPDATE countersign.charge
            SET revision = 0, decision = NULL, decided_on = NULL, decision_made_by = NULL,
                decision_reference_number = NULL
            WHERE number = 'N2'
            """),
        Damage(
            "acknowledgement-not-on-charge", ["ACME N4"],
            "UPDATE countersign.charge SET acknowledged_on = NULL WHERE number = 'N4'"),
        Damage(
            "outcome-against-decision", ["ACME N2"],
            """
            UPDATE countersign.charge SET charge_status = 'DECLINED', set_as_declined_on = now() WHERE number = 'N2'
            """),
        Damage(
            "outcome-against-decision", ["ACME N1"],
            """
            UPDATE countersign.charge SET charge_status = 'APPROVED', set_as_approved_on = now() WHERE number = 'N1'
            """),
        Damage(
            "reference-not-taken", ["ACME N3"],
            "UPDATE countersign.charge_history SET reference_number = 'R2', takes_reference = false WHERE number = 'N3'"
        ),
        Damage(
            "reference-not-taken", ["ACME N2"],
            "UPDATE countersign.charge_history SET takes_reference = false WHERE number = 'N2'"),
        Damage(
            "decision-without-batch", ["ACME N2"],
            "UPDATE countersign.charge_history SET batch_id = gen_random_uuid() WHERE number = 'N2'"),
        Damage("batch-count", [""], "UPDATE countersign.batch SET decisions = 7 WHERE sequence_number = 1"),
        Damage(
            "batch-not-queued", [""],
            """
            WITH gone AS (DELETE FROM countersign.published_batch WHERE position = 4 RETURNING 1)
            UPDATE countersign.feed SET last_position = 3 FROM gone
            """),
        Damage(
            "batch-not-queued", [""],
            """
            INSERT INTO countersign.unpublished_batch (batch_id)
            SELECT batch_id FROM countersign.published_batch WHERE position = 1
            """),
        Damage(
            "batch-not-queued", [""],
            "INSERT INTO countersign.unpublished_batch (batch_id) VALUES (gen_random_uuid())"),
        Damage(
            "feed-positions", [""], "UPDATE countersign.published_batch SET position = 0 WHERE position = 1"),
        Damage(
            "feed-positions", [""], "UPDATE countersign.published_batch SET position = 9 WHERE position = 4"),
        Damage("feed-positions", [""], "UPDATE countersign.feed SET last_position = 9"),
        Damage(
            "feed-positions", [""],
            "UPDATE countersign.published_batch SET published_on = now() + interval '1 day' WHERE position = 2"
        ),
        Damage(
            "feed-order", ["ACME N1"],
            """
            UPDATE countersign.published_batch
            SET position = CASE position WHEN 1 THEN 2 ELSE 1 END + 100 WHERE position IN (1, 2)
            """),
        Damage(
            "outcome-not-recorded", ["ACME N4"], "DELETE FROM countersign.charge_outcome WHERE number = 'N4'"),
        Damage(
            "outcome-not-recorded", ["ACME N4"],
            "UPDATE countersign.charge_outcome SET outcome = 'REJECTED' WHERE number = 'N4'"),
        Damage("event-numbers", ["ACME"], "DELETE FROM countersign.event_batch WHERE last_event_number = 2"),
        Damage(
            "event-numbers", ["ACME"],
            "UPDATE countersign.event_batch SET last_event_number = 100 WHERE last_event_number = 7"),
        Damage(
            "event-numbers", ["ACME"],
            "UPDATE countersign.event_batch SET published_on = now() + interval '1 day' WHERE last_event_number = 2"
        ),
        Damage("event-numbers", ["ACME"], "DELETE FROM countersign.charge_outcome"),
        Damage(
            "event-order", ["ACME N1"],
            """
            UPDATE countersign.event_batch SET last_event_number = CASE last_event_number WHEN 1 THEN 2 ELSE 1 END + 100
            WHERE last_event_number IN (1, 2)
            """),
        Damage("statement-events", ["ACME"], "UPDATE countersign.statement SET number = 3"),
        Damage("statement-events", ["ACME"], "UPDATE countersign.statement SET last_event_number = 6"),
        Damage(
            "reconciliation-totals", ["ACME"],
            "DELETE FROM countersign.reconciliation_total WHERE class = 'ONLY_THERE'"),
        Damage(
            "reconciliation-totals", ["ACME"],
            "DELETE FROM countersign.reconciliation_difference WHERE identifier = 1"),
        Damage(
            "charge-number-counter", ["ACME I00000007"],
            "UPDATE countersign.charge_number_counter SET next_charge_number = 7"),
        Damage("revoked-generation", ["ACME"], "UPDATE countersign.operator SET token_generation = 1"),
        Damage("revoked-generation", ["ACME"], "DELETE FROM countersign.operator_user"),
    ]

    @Test("Every rule has a violation that is made here, and a file in sql/checks")
    func everyRuleIsViolatedHere() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../sql/checks")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .map { $0.replacing(".sql", with: "") }
        #expect(Set(Check.all.map(\.name)) == Set(files))
        #expect(Set(Self.damages.map(\.check)) == Set(files))
    }

    /// Decisions by all ways there are, an import, outcomes, acknowledgements, revoked tokens: what a service does.
    private func fill() async throws {
        try await database.addCharges(5, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for (number, reference) in [("N1", "R1"), ("N2", "R2"), ("N3", "R3"), ("N4", "R4")] {
                let item = DecisionItem.charge(number, reference: reference)
                _ = try await store.decisions.decide(.accepting([item]))
                if number == "N1" {
                    _ = try await store.decisions.decide(.call(.decline, [item]))
                }
                _ = try await store.read(.beginning)
            }
            try await process("N4")
            try await database.session.execute(
                """
                UPDATE countersign.operator
                SET undecided_policy = 'accept', suspended_on = now() WHERE code = 'ACME';
                UPDATE countersign.operator SET suspended_on = NULL;
                INSERT INTO countersign.operator_user (operator_id, username, password_hash) VALUES (1, 'anna', 'x');
                UPDATE countersign.operator_user SET password_hash = 'y'
                """)
            _ = try await store.decisions.decide(.call(.acknowledge, [.charge("N4", reference: "K4")]))
            try await importCharge()
            _ = try await store.read(.beginning)
            try await database.session.execute("SELECT countersign.close_statements(0, 'ACME')")
            #expect(try await store.reconcile("number\nN2\nX\n").reconciliation.state == .done)
        }
    }

    /// Gives the outcome of an accepted charge.
    private func process(_ number: String) async throws {
        try await database.session.execute(
            """
            SELECT FROM countersign.process(
                'outcome', 0, clock_timestamp() + interval '1 minute', ARRAY['ACME'], ARRAY['\(number)'],
                ARRAY[NULL::integer], ARRAY['APPROVED'])
            """)
    }

    private func importCharge() async throws {
        let connectionString = database.administrationConnectionString
        let columns: [ImportColumn: String] = [
            .operatorCode: "ACME", .number: "I00000007", .customer: "c", .amount: "9.90", .currency: "USD",
            .localCurrencyAmount: "9.10", .localCurrency: "EUR", .paidThroughDate: "2026-12-01",
            .receivedOn: "2026-10-01", .decision: "ACCEPTED", .decidedOn: "2026-10-02",
            .referenceNumber: "R7",
            .status: "APPROVED", .setAsApprovedOn: "2026-10-03", .acknowledged: "true",
        ]
        let charge = try ImportedCharge(line: 1) { columns[$0] }
        try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            _ = try ChargeImport(on: session, skipsKnown: false).run { take in try take(charge) }
        }
    }

    /// The violations that administrators see, as `CHECK OPERATOR NUMBER`.
    private func violations() async throws -> [Violation] {
        let connectionString = database.administrationConnectionString
        return try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            var found: [Violation] = []
            for check in Check.all { try session.check(check) { found += $0 } }
            return found
        }
    }

    @Test("A database that only the service has written violates no rule", .database)
    func whatTheServiceWritesViolatesNothing() async throws {
        try await fill()
        #expect(try await violations() == [])
    }

    @Test(
        "A violated rule is named, with the operator and the charge's number", .database, arguments: damages)
    func aViolationIsNamed(_ damage: Damage) async throws {
        try await fill()
        try await database.session.execute(
            "SET session_replication_role = replica; \(damage.sql); RESET session_replication_role")
        let found = try await violations().filter { $0.check == damage.check }
        let named = found.map { [$0.operatorCode, $0.number].compactMap(\.self).joined(separator: " ") }
        #expect(Set(named) == damage.named, "\(found)")
        #expect(found.allSatisfy { !$0.detail.isEmpty })
    }
}
