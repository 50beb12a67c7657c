import TestSupport
import Testing

/// Tests of the rules within a row and its change, which the database holds by itself: each attempt is made as the
/// application's role.
@Suite struct RowRuleTests {
    private let database = TestDatabase.current!

    /// An attempt to break a rule.
    struct Attempt: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The decision and the state of the charge `N1` before the attempt, as assignments.
        let state: String
        let sql: String
        /// What the refusal must contain: its SQLSTATE, or the name of the rule.
        let refusal: String

        init(_ what: String, state: String = "", refusal: String = "23514", _ sql: String) {
            testDescription = what
            self.state = state
            self.sql = sql
            self.refusal = refusal
        }

        /// An update of the charge `N1`.
        static func change(_ what: String, state: String = "", refusal: String, _ assignments: String)
            -> Attempt
        {
            Attempt(
                what, state: state, refusal: refusal,
                "UPDATE countersign.charge SET \(assignments) WHERE number = 'N1'")
        }

        /// A new charge with other values in some columns.
        static func insert(
            _ what: String, refusal: String = "23514", localCurrency: String = "EUR",
            paidThroughDate: String = "2026-12-01", receivedOn: String = "2026-11-01", more: String = "",
            values: String = ""
        ) -> Attempt {
            Attempt(
                what, refusal: refusal,
                """
                INSERT INTO countersign.charge (
                    operator_id, number, billing_system_customer_identifier, amount, currency, local_currency_amount,
                    local_currency, paid_through_date, received_on\(more))
                VALUES (1, 'N2', 'cN2', 9.90, 'USD', 9.10, '\(localCurrency)', '\(paidThroughDate)', '\(receivedOn)'\(values))
                """)
        }

        static func history(_ what: String, madeBy: String, revision: Int, madeOn: String) -> Attempt {
            Attempt(
                what,
                """
                INSERT INTO countersign.charge_history (
                    operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
                VALUES (1, 'N1', \(revision), 'ACCEPTED', '\(madeBy)', '\(madeOn)', false, gen_random_uuid())
                """)
        }
    }

    private static let accepted = """
        revision = 1, decision = 'ACCEPTED', decided_on = now(), decision_made_by = 'operator'
        """
    private static let approved = accepted + ", charge_status = 'APPROVED', set_as_approved_on = now()"
    private static let declineAgain = """
        revision = revision + 1, decision = 'DECLINED', decided_on = now(), decision_made_by = 'operator'
        """

    private static let changes: [Attempt] = [
        .change(
            "revision back to 0", state: accepted, refusal: "charge_revision",
            "revision = 0, decision = NULL, decided_on = NULL, decision_made_by = NULL"),
        .change(
            "a revision passed over", refusal: "charge_revision",
            accepted.replacing("revision = 1", with: "revision = 2")),
        .change(
            "another decision under the same revision", state: accepted, refusal: "charge_revision",
            "decision = 'DECLINED'"),
        .change(
            "another reference under the same revision", state: accepted, refusal: "charge_revision",
            "decision_reference_number = 'x'"),
        .change(
            "a decision of a processed charge", state: approved, refusal: "charge_revision", declineAgain),
        .change(
            "a decision of a taken charge", state: accepted + ", taken_on = now()",
            refusal: "charge_revision",
            declineAgain),
        .change(
            "a policy's decision over an operator's", state: accepted, refusal: "charge_revision",
            declineAgain.replacing("'operator'", with: "'policy'")),
        .change("decided_on infinity", refusal: "23514", accepted.replacing("now()", with: "'infinity'")),
        .change("taken_on of a processed charge", state: approved, refusal: "23514", "taken_on = now()"),
        .change("taken_on of an undecided charge", refusal: "23514", "taken_on = now()"),
        .change("taken_on infinity", state: accepted, refusal: "23514", "taken_on = 'infinity'"),
        .change(
            "approved without an accepted decision", refusal: "charge_outcome",
            "charge_status = 'APPROVED', set_as_approved_on = now()"),
        .change(
            "declined in spite of an accepted decision", state: accepted, refusal: "charge_outcome",
            "charge_status = 'DECLINED', set_as_declined_on = now()"),
        .change(
            "set_as_approved_on changed", state: approved, refusal: "charge_final_state",
            "set_as_approved_on = now() - interval '1 day'"),
        .change(
            "set_as_approved_on infinity", state: accepted, refusal: "23514",
            "charge_status = 'APPROVED', set_as_approved_on = 'infinity'"),
        .change(
            "acknowledged_on infinity", state: approved, refusal: "23514", "acknowledged_on = 'infinity'"),
    ]

    private static let others: [Attempt] = [
        .insert("another local currency", refusal: "charge_local_currency", localCurrency: "CHF"),
        .insert("paid_through_date infinity", paidThroughDate: "infinity"),
        .insert("paid_through_date before our era", paidThroughDate: "0044-03-15 BC"),
        .insert("received_on infinity", receivedOn: "-infinity"),
        .insert(
            "a new charge that is processed", refusal: "42501",
            more: ", charge_status, set_as_rejected_request_on", values: ", 'REJECTED', now()"),
        .insert(
            "a new charge that is decided", refusal: "42501",
            more: ", revision, decision, decided_on, decision_made_by",
            values: ", 1, 'ACCEPTED', now(), 'operator'"),
        .history("history made on infinity", madeBy: "operator", revision: 1, madeOn: "infinity"),
        .history("a policy's second decision", madeBy: "policy", revision: 2, madeOn: "2026-11-01"),
        Attempt(
            "next_charge_number lowered", refusal: "charge_number_counter_next_charge_number",
            "UPDATE countersign.charge_number_counter SET next_charge_number = 1"),
        Attempt("a heartbeat at infinity", "UPDATE countersign.heartbeat SET last_heartbeat_on = 'infinity'"),
        Attempt("an outage until infinity", "UPDATE countersign.heartbeat SET outage_ended_on = 'infinity'"),
        Attempt(
            "failed items counted at infinity",
            """
            INSERT INTO countersign.failed_item_count (operator_id, counted_on, kind, error_code, count)
            VALUES (1, 'infinity', 'ACCEPTED', 'CHARGE_LOCKED', 1)
            """),
    ]

    @Test(
        "The database refuses a value or a change that no node makes", .database, arguments: changes + others)
    func itIsRefused(_ attempt: Attempt) async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            "UPDATE countersign.charge_number_counter SET next_charge_number = 9")
        if !attempt.state.isEmpty {
            try await database.session.execute(
                """
                SET session_replication_role = replica;
                UPDATE countersign.charge SET \(attempt.state);
                RESET session_replication_role
                """)
        }
        let message = try await database.applicationFailure(attempt.sql)
        #expect(message?.contains(attempt.refusal) == true, "\(attempt): \(message ?? "it was let")")
    }
}
