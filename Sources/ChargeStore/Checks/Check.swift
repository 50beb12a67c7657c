import LibPQ

/// A rule between rows, which the schema cannot hold by itself: a file of `sql/checks`, whose query returns the
/// violations. psql runs the file unchanged.
package struct Check: Sendable {
    package let name: String
    /// The rule, one sentence.
    package let rule: String
    /// The query, whose columns are operator, number and detail.
    let sql: String

    /// - Parameters:
    ///   - name: The file's name without its extension.
    ///   - contents: The file's bytes: the rule in the first line, and one statement.
    init(name: String, contents: [UInt8]) {
        let text = String(decoding: contents, as: UTF8.self)
        let marker = "-- Rule: "
        guard text.hasPrefix(marker), let end = text.firstIndex(of: "\n"),
            let semicolon = text.lastIndex(of: ";")
        else {
            preconditionFailure(
                "the check \(name) does not open with its rule, or does not end with a semicolon")
        }
        self.name = name
        rule = String(text[..<end].dropFirst(marker.count))
        sql = String(text[end..<semicolon])
    }
}

extension Check {
    /// Every check, in the order in which they run. A test compares the list with the folder `sql/checks`.
    package static let all = [
        Check(name: "history-without-charge", contents: PackageResources.history_without_charge_sql),
        Check(name: "decision-not-in-history", contents: PackageResources.decision_not_in_history_sql),
        Check(name: "revisions-with-gaps", contents: PackageResources.revisions_with_gaps_sql),
        Check(
            name: "acknowledgement-not-on-charge",
            contents: PackageResources.acknowledgement_not_on_charge_sql),
        Check(name: "outcome-against-decision", contents: PackageResources.outcome_against_decision_sql),
        Check(name: "reference-not-taken", contents: PackageResources.reference_not_taken_sql),
        Check(name: "decision-without-batch", contents: PackageResources.decision_without_batch_sql),
        Check(name: "batch-count", contents: PackageResources.batch_count_sql),
        Check(name: "batch-not-queued", contents: PackageResources.batch_not_queued_sql),
        Check(name: "feed-positions", contents: PackageResources.feed_positions_sql),
        Check(name: "feed-order", contents: PackageResources.feed_order_sql),
        Check(name: "outcome-not-recorded", contents: PackageResources.outcome_not_recorded_sql),
        Check(name: "event-numbers", contents: PackageResources.event_numbers_sql),
        Check(name: "event-order", contents: PackageResources.event_order_sql),
        Check(name: "statement-events", contents: PackageResources.statement_events_sql),
        Check(name: "reconciliation-totals", contents: PackageResources.reconciliation_totals_sql),
        Check(name: "charge-number-counter", contents: PackageResources.charge_number_counter_sql),
        Check(name: "revoked-generation", contents: PackageResources.revoked_generation_sql),
    ]
}

/// One violation of a rule.
package struct Violation: Sendable, Equatable {
    /// The name of the rule's check.
    package let check: String
    /// The operator's code; `nil` where the rule is not about one operator.
    package let operatorCode: String?
    /// The charge's number; `nil` where the rule is not about a charge.
    package let number: String?
    /// What is wrong, for a person.
    package let detail: String
}

extension AdministrationSession {
    /// Finds every violation of a rule, in a read-only transaction of its own, so that vacuum is held back no longer than
    /// one rule takes. A standby serves as well.
    ///
    /// - Parameter take: A callback that takes the violations, some at a time, so that any number fits into memory.
    package func check(_ check: Check, take: ([Violation]) throws -> Void) throws {
        let purpose = "the check \(check.name)"
        // The joins are of whole tables: with little memory they would be sorted on disk. All rows of the cursor are read.
        try execute(
            """
            BEGIN READ ONLY;
            SET LOCAL statement_timeout = 0;
            SET LOCAL work_mem = '256MB';
            SET LOCAL cursor_tuple_fraction = 1;
            SET LOCAL jit = off;
            DECLARE violations NO SCROLL CURSOR FOR \(check.sql)
            """, doing: purpose)
        do {
            var rows: [[String?]]
            repeat {
                do throws(PostgresError) {
                    rows = try connection.table(
                        "FETCH 1000 FROM violations", deadline: .now + Self.checkTimeout
                    ).rows
                } catch {
                    throw AdministrationFailure("\(purpose) failed: \(error)", cause: error)
                }
                try take(
                    rows.map {
                        Violation(check: check.name, operatorCode: $0[0], number: $0[1], detail: $0[2] ?? "")
                    })
            } while !rows.isEmpty
        } catch {
            try? execute("ROLLBACK", doing: purpose)
            throw error
        }
        try execute("COMMIT", doing: purpose)
    }

    /// The time that one rule may take.
    private static let checkTimeout = Duration.seconds(3600)
}
