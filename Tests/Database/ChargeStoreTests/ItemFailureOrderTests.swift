import ChargeStore
import Charges
import TestSupport
import Testing

/// The table of docs/api.md, "What makes an item fail": every row, and each two that can hold together.
@Suite struct ItemFailureOrderTests {
    /// A reason for an item to fail, in the contract's order.
    enum Reason: Int, CaseIterable {
        case duplicate, invalidReference, superseded, notFound, mismatch, processed, inProcess,
            alreadyAccepted,
            acceptedUnderOtherReference, referenceInUse, locked

        var code: String {
            switch self {
            case .duplicate: "DUPLICATE_IN_REQUEST"
            case .invalidReference: "INVALID_REFERENCE_NUMBER"
            case .superseded: "DECISION_SUPERSEDED"
            case .notFound: "CHARGE_NOT_FOUND"
            case .mismatch: "CUSTOMER_MISMATCH"
            case .processed: "CHARGE_ALREADY_PROCESSED"
            case .inProcess: "CHARGE_IN_PROCESS"
            case .alreadyAccepted: "CHARGE_ALREADY_ACCEPTED"
            case .acceptedUnderOtherReference: "CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE"
            case .referenceInUse: "REFERENCE_NUMBER_IN_USE"
            case .locked: "CHARGE_LOCKED"
            }
        }

        /// Whether both can hold of one item.
        func goes(with other: Reason) -> Bool {
            let (first, second) = rawValue < other.rawValue ? (self, other) : (other, self)
            switch (first, second) {
            // Nothing else can be said of a charge that is not there, but for its reference.
            case (.notFound, .referenceInUse): return true
            case (.notFound, _): return false
            // A repeat is of an item that succeeded: its charge was there, its customer and reference right.
            case (.invalidReference, .superseded), (.superseded, .notFound), (.superseded, .mismatch):
                return false
            // The reference of the decision that was superseded names this charge.
            case (.superseded, .referenceInUse): return false
            // A reference that cannot be is never taken.
            case (.invalidReference, .alreadyAccepted), (.invalidReference, .referenceInUse): return false
            // A charge stands accepted once; its reference is the same or another one.
            case (.alreadyAccepted, .acceptedUnderOtherReference), (.alreadyAccepted, .referenceInUse):
                return false
            default: return true
            }
        }
    }

    /// An item of which some reasons hold, and the SQL that makes them so.
    struct Situation {
        let reasons: [Reason]
        let number: String

        var item: DecisionItem {
            DecisionItem(
                number: ExactText(number),
                billingSystemCustomerIdentifier: ExactText(
                    reasons.contains(.mismatch) ? "someone" : "c" + number),
                referenceNumber: ExactText(
                    reasons.contains(.invalidReference) ? " \u{2003}" : "ref-" + number))
        }

        var preparation: String {
            var sql = ""
            if reasons.contains(.notFound) {
                sql += "DELETE FROM countersign.charge WHERE number = '\(number)';"
            }
            if reasons.contains(.superseded) {
                sql += history(
                    revision: 1, kind: "ACCEPTED", reference: "ref-" + number, key: "'key'", takes: true)
                sql += stands(revision: 2, decision: "DECLINED", reference: "other-" + number)
                sql += history(
                    revision: 2, kind: "DECLINED", reference: "other-" + number, key: "NULL", takes: true)
            }
            let revision = reasons.contains(.superseded) ? 3 : 1
            if reasons.contains(.alreadyAccepted) {
                sql += stands(revision: revision, decision: "ACCEPTED", reference: "ref-" + number)
                sql += history(
                    revision: revision, kind: "ACCEPTED", reference: "ref-" + number, key: "NULL",
                    takes: !reasons.contains(.superseded))
            }
            if reasons.contains(.acceptedUnderOtherReference) {
                sql += stands(revision: revision, decision: "ACCEPTED", reference: "third-" + number)
                sql += history(
                    revision: revision, kind: "ACCEPTED", reference: "third-" + number, key: "NULL",
                    takes: true)
            }
            if reasons.contains(.processed) {
                sql += update("charge_status = 'REJECTED', set_as_rejected_request_on = now()")
            }
            if reasons.contains(.inProcess) { sql += update("taken_on = now()") }
            if reasons.contains(.referenceInUse) {
                sql += """
                    INSERT INTO countersign.charge_history (operator_id, number, revision, kind, made_by, made_on,
                        reference_number, takes_reference, batch_id)
                    VALUES (1, 'elsewhere-\(number)', 1, 'ACCEPTED', 'operator', now(), 'ref-\(number)', true,
                        gen_random_uuid());
                    """
            }
            return sql
        }

        private func update(_ assignments: String) -> String {
            "UPDATE countersign.charge SET \(assignments) WHERE number = '\(number)';"
        }

        private func stands(revision: Int, decision: String, reference: String) -> String {
            update(
                """
                revision = \(revision), decision = '\(decision)', decided_on = now(),
                decision_made_by = 'operator', decision_reference_number = '\(reference)'
                """)
        }

        private func history(revision: Int, kind: String, reference: String, key: String, takes: Bool)
            -> String
        {
            """
            INSERT INTO countersign.charge_history (operator_id, number, revision, kind, made_by, made_on,
                reference_number, takes_reference, idempotency_key, batch_id)
            VALUES (1, '\(number)', \(revision), '\(kind)', 'operator', now(), '\(reference)', \(takes), \(key),
                gen_random_uuid());
            """
        }
    }

    static let situations: [Situation] = {
        var sets = Reason.allCases.map { [$0] }
        for (index, first) in Reason.allCases.enumerated() {
            for second in Reason.allCases[(index + 1)...] where first.goes(with: second) {
                sets.append([first, second])
            }
        }
        return sets.enumerated().map { index, reasons in Situation(reasons: reasons, number: "N\(index + 1)")
        }
    }()

    @Test(.database) func theFirstReasonThatHoldsIsTheCode() async throws {
        let database = TestDatabase.current!
        let situations = Self.situations
        #expect(situations.count > 50)
        try await database.addCharges(situations.count, prefix: "N")
        for situation in situations where !situation.preparation.isEmpty {
            try await database.session.execute(situation.preparation)
        }
        let locker = TestSession(database.ownerParameters)
        let locked = situations.filter { $0.reasons.contains(.locked) }.map { "'\($0.number)'" }
        try await locker.execute(
            "BEGIN; SELECT FROM countersign.charge WHERE number IN (\(locked.joined(separator: ","))) FOR UPDATE"
        )

        try await database.withStore(configure: { $0.lockWaitMilliseconds = 100 }) {
            (store: Store) async throws in
            for situation in situations {
                let copies = situation.reasons.contains(.duplicate) ? 2 : 1
                let items = Array(repeating: situation.item, count: copies)
                let outcomes = try await store.decisions.decide(.accepting(items, idempotencyKey: "key"))
                let expected = situation.reasons.min { $0.rawValue < $1.rawValue }!.code
                #expect(
                    outcomes.map(\.text) == Array(repeating: expected, count: copies), "\(situation.reasons)")
            }
        }
        try await locker.execute("ROLLBACK")
        await locker.close()
        let decided = try await database.session.count(
            "SELECT count(*) FROM countersign.charge_history WHERE username = 'tester'")
        #expect(decided == 0)
    }

    @Test(.database) func whatIsSaidNamesWhatStandsInTheWay() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1", reference: "R1"), .charge("N2")]))
            let outcomes = try await store.decisions.decide(
                .accepting([.charge("N1", reference: "R2"), .charge("N2"), .charge("N3", reference: "R1")]))
            let descriptions = outcomes.map { outcome in
                if case .failed(let failure) = outcome { failure.description } else { "" }
            }
            #expect(
                descriptions == [
                    "The charge is accepted already, under reference number R1, which is not the one in this call.",
                    "The charge is accepted already, without a reference number.",
                    "The reference number names another charge, N1.",
                ])
        }
    }
}
