import Authentication
import Charges
import TestSupport

/// Some charges of two operators, with the calls and the changes that may concern them. There are few numbers,
/// references and keys, so that they often meet. All of it follows from a generator.
struct DryRunWorld {
    private let name: String
    private let numbers: [String]
    private var calls: [DecisionCall] = []

    init(index: Int) {
        name = "W\(index)"
        numbers = (1...10).map { "W\(index)N\($0)" }
    }

    /// Adds the charges to a database, under the same numbers for both operators.
    func addCharges(to database: TestDatabase) async throws {
        for account in [TestDatabase.acme, TestDatabase.globex] {
            try await database.addCharges(
                numbers.count, prefix: name + "N", operatorIdentifier: account.identifier.value)
        }
    }

    /// Changes of random charges by the provider and by policies. A change that a charge's state does not admit does
    /// nothing.
    func changes(_ count: Int, using generator: inout SeededGenerator) -> String {
        (0..<count).map { _ in
            let charge = """
                operator_id = \(Int.random(in: 1...2, using: &generator)) \
                AND number = '\(numbers.randomElement(using: &generator)!)' AND charge_status = 'PENDING'
                """
            func process(_ status: String, _ column: String, _ condition: String) -> String {
                """
                UPDATE countersign.charge SET charge_status = '\(status)', \(column) = now(), taken_on = NULL
                WHERE \(charge) AND \(condition);
                """
            }
            switch Int.random(in: 0..<10, using: &generator) {
            case 0, 1:
                return
                    "UPDATE countersign.charge SET taken_on = now() WHERE \(charge) AND revision > 0;"
            case 2:
                return "UPDATE countersign.charge SET taken_on = NULL WHERE \(charge);"
            case 3, 4, 5:
                let kind = Bool.random(using: &generator) ? "ACCEPTED" : "DECLINED"
                return """
                    WITH decided AS (
                        UPDATE countersign.charge
                        SET revision = 1, decision = '\(kind)', decided_on = clock_timestamp(),
                            decision_made_by = 'policy'
                        WHERE \(charge) AND revision = 0
                        RETURNING *
                    )
                    INSERT INTO countersign.charge_history (
                        operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
                    SELECT operator_id, number, 1, decision, 'policy', decided_on, false, gen_random_uuid()
                    FROM decided;
                    """
            case 6: return process("APPROVED", "set_as_approved_on", "decision = 'ACCEPTED'")
            case 7: return process("DECLINED", "set_as_declined_on", "decision = 'DECLINED'")
            case 8: return process("BAD_REQUEST", "set_as_bad_request_on", "true")
            default: return process("REJECTED", "set_as_rejected_request_on", "true")
            }
        }.joined()
    }

    /// A call of either operator. One in three repeats an earlier one, at times with some items changed.
    mutating func nextCall(using generator: inout SeededGenerator) -> DecisionCall {
        var call: DecisionCall
        if !calls.isEmpty, Int.random(in: 0..<3, using: &generator) == 0 {
            call = calls.randomElement(using: &generator)!
            call.deadline = .now + .patience
            if Bool.random(using: &generator) { call.items.shuffle(using: &generator) }
            if Bool.random(using: &generator) {
                call.items[call.items.indices.randomElement(using: &generator)!] = item(
                    numbers.randomElement(using: &generator)!, using: &generator)
            }
        } else {
            // Some calls name a charge twice, or one that is not there.
            var named = numbers.shuffled(using: &generator).prefix(
                Int.random(in: 1...8, using: &generator))
            for _ in 0..<2 where Int.random(in: 0..<6, using: &generator) == 0 {
                named.append(
                    [named[0], name + "N99", "\u{E9}", name + "\u{0}", String(repeating: "N", count: 65)]
                        .randomElement(using: &generator)!)
            }
            named.shuffle(using: &generator)
            let actions: [ChargeAction] = [.accept, .accept, .decline, .acknowledge]
            let keys: [ExactText?] = [nil, nil, "key-1", "key-2"]
            call = .call(
                actions.randomElement(using: &generator)!,
                named.map { item($0, using: &generator) },
                of: Int.random(in: 0..<4, using: &generator) == 0 ? TestDatabase.globex : TestDatabase.acme,
                idempotencyKey: keys.randomElement(using: &generator)!)
        }
        call.repeatsSucceed = Bool.random(using: &generator)
        calls.append(call)
        return call
    }

    private func item(_ number: String, using generator: inout SeededGenerator) -> DecisionItem {
        var customer = "c" + number
        if Int.random(in: 0..<10, using: &generator) == 0 {
            customer = ["someone", "c\u{0}", String(repeating: "c", count: 65)].randomElement(
                using: &generator)!
        }
        let reference: String?
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<6: reference = nil
        case 6..<11: reference = "own-" + number
        case 11..<19:
            // The last two are the same to Unicode, and not to the service.
            reference =
                name + ["A", "B", "C", "D", "\u{E9}", "e\u{301}"].randomElement(using: &generator)!
        default:
            reference = [" \u{2003}", "R\u{7}", String(repeating: "R", count: 65)].randomElement(
                using: &generator)!
        }
        return DecisionItem(
            number: ExactText(number), billingSystemCustomerIdentifier: ExactText(customer),
            referenceNumber: reference.map { ExactText($0) })
    }
}
