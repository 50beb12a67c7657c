import Charges

/// An item of a call for which some reasons to fail hold, and the SQL that makes them hold.
struct FailingItem {
    let action: ChargeAction
    let reasons: [Reason]
    let number: String

    /// One item for each reason, and one for each two reasons that can hold together.
    static func all(of action: ChargeAction) -> [FailingItem] {
        let reasons = Reason.allCases.filter { $0.exists(for: action) }
        var sets = reasons.map { [$0] }
        for (index, first) in reasons.enumerated() {
            for second in reasons[(index + 1)...] where first.goes(with: second) {
                sets.append([first, second])
            }
        }
        return sets.enumerated().map { index, reasons in
            FailingItem(action: action, reasons: reasons, number: "N\(index + 1)")
        }
    }

    var item: DecisionItem {
        DecisionItem(
            number: ExactText(number),
            billingSystemCustomerIdentifier: ExactText(
                reasons.contains(.mismatch) ? "someone" : "c" + number),
            referenceNumber: ExactText(reasons.contains(.invalidReference) ? " \u{2003}" : "ref-" + number))
    }

    var preparation: String {
        let kind = action.rawValue
        let otherKind = action == .accept ? "DECLINED" : "ACCEPTED"
        var sql = ""
        if reasons.contains(.notFound) {
            sql += "DELETE FROM countersign.charge WHERE number = '\(number)';"
        }
        if reasons.contains(.superseded) {
            sql += history(revision: 1, kind: kind, reference: "ref-" + number, key: "'key'", takes: true)
            sql += stands(revision: 2, decision: otherKind, reference: "other-" + number)
            sql += history(
                revision: 2, kind: otherKind, reference: "other-" + number, key: "NULL", takes: true)
        }
        let revision = reasons.contains(.superseded) ? 3 : 1
        if reasons.contains(.alreadyDecided) {
            sql += stands(revision: revision, decision: kind, reference: "ref-" + number)
            sql += history(
                revision: revision, kind: kind, reference: "ref-" + number, key: "NULL",
                takes: !reasons.contains(.superseded))
        }
        if reasons.contains(.decidedUnderOtherReference) {
            sql += stands(revision: revision, decision: kind, reference: "third-" + number)
            sql += history(
                revision: revision, kind: kind, reference: "third-" + number, key: "NULL", takes: true)
        }
        if reasons.contains(.processed) || action == .acknowledge && !reasons.contains(.notProcessed) {
            sql += update("charge_status = 'REJECTED', set_as_rejected_request_on = now()")
        }
        if reasons.contains(.alreadyAcknowledged) { sql += update("acknowledged_on = now()") }
        if reasons.contains(.inProcess) {
            // Only a decided charge is taken.
            if reasons.allSatisfy({
                ![.superseded, .alreadyDecided, .decidedUnderOtherReference].contains($0)
            }) {
                sql += stands(revision: 1, decision: otherKind, reference: "other-" + number)
            }
            sql += update("taken_on = now()")
        }
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

    private func history(revision: Int, kind: String, reference: String, key: String, takes: Bool) -> String {
        """
        INSERT INTO countersign.charge_history (operator_id, number, revision, kind, made_by, made_on,
            reference_number, takes_reference, idempotency_key, batch_id)
        VALUES (1, '\(number)', \(revision), '\(kind)', 'operator', now(), '\(reference)', \(takes), \(key),
            gen_random_uuid());
        """
    }
}

/// A reason for an item to fail, in the contract's order.
enum Reason: Int, CaseIterable {
    case duplicate, invalidReference, superseded, notFound, mismatch, processed, inProcess, notProcessed,
        alreadyAcknowledged, alreadyDecided, decidedUnderOtherReference, referenceInUse, locked

    func code(of action: ChargeAction) -> String {
        switch self {
        case .duplicate: "DUPLICATE_IN_REQUEST"
        case .invalidReference: "INVALID_REFERENCE_NUMBER"
        case .superseded: "DECISION_SUPERSEDED"
        case .notFound: "CHARGE_NOT_FOUND"
        case .mismatch: "CUSTOMER_MISMATCH"
        case .processed: "CHARGE_ALREADY_PROCESSED"
        case .inProcess: "CHARGE_IN_PROCESS"
        case .notProcessed: "CHARGE_NOT_PROCESSED"
        case .alreadyAcknowledged: "CHARGE_ALREADY_ACKNOWLEDGED"
        case .alreadyDecided: "CHARGE_ALREADY_\(action.rawValue)"
        case .decidedUnderOtherReference: "CHARGE_\(action.rawValue)_UNDER_OTHER_REFERENCE"
        case .referenceInUse: "REFERENCE_NUMBER_IN_USE"
        case .locked: "CHARGE_LOCKED"
        }
    }

    /// Whether the reason can hold for an item of such a call.
    func exists(for action: ChargeAction) -> Bool {
        switch self {
        case .notProcessed, .alreadyAcknowledged: action == .acknowledge
        case .superseded, .processed, .inProcess, .alreadyDecided, .decidedUnderOtherReference:
            action != .acknowledge
        default: true
        }
    }

    /// Whether both reasons can hold for one item.
    func goes(with other: Reason) -> Bool {
        let (first, second) = rawValue < other.rawValue ? (self, other) : (other, self)
        switch (first, second) {
        // For a charge that does not exist, only its reference can be wrong as well.
        case (.notFound, .referenceInUse): return true
        case (.notFound, _): return false
        // A repeat repeats an item that succeeded: its charge existed, and its customer and reference were right.
        case (.invalidReference, .superseded), (.superseded, .notFound), (.superseded, .mismatch):
            return false
        // The reference of the decision that was superseded names this charge.
        case (.superseded, .referenceInUse): return false
        // An invalid reference is never taken.
        case (.invalidReference, .alreadyDecided), (.invalidReference, .referenceInUse): return false
        // A charge has one current decision, whose reference is the same or another one.
        case (.alreadyDecided, .decidedUnderOtherReference), (.alreadyDecided, .referenceInUse): return false
        // A processed charge is not taken.
        case (.processed, .inProcess): return false
        // A pending charge is never acknowledged.
        case (.notProcessed, .alreadyAcknowledged): return false
        default: return true
        }
    }
}
