import StrictJSON
@testable import HTTPFront

extension JSONGenerator {
    /// A body of a call that accepts, mostly as it should be.
    mutating func decisionBody() -> JSONValue {
        guard chance(29, in: 30) else { return value(depth: 3) }
        var members: [JSONValue.Member] = []
        if chance(1, in: 3) {
            members.append(.init("token", chance(9, in: 10) ? .string("t") : value(depth: 1)))
        }
        if chance(1, in: 3) { members.append(.init("other", value(depth: 3))) }
        if chance(19, in: 20) { members.append(.init("accepted_charges_set", charges())) }
        if chance(1, in: 5) { members.append(.init("number", value(depth: 1))) }
        return .object(members.shuffled(using: &self))
    }

    private mutating func charges() -> JSONValue {
        guard chance(19, in: 20) else { return value(depth: 2) }
        let count = pick([0, 1, 1, 2, 3, 5, 49, 50, 51])
        return .array((0..<count).map { _ in chance(99, in: 100) ? charge() : value(depth: 1) })
    }

    private mutating func charge() -> JSONValue {
        var members: [JSONValue.Member] = []
        for name in ["number", "billing_system_customer_identifier", "reference_number", "note"] {
            guard chance(name == "note" ? 1 : 60, in: 61) else { continue }
            members.append(.init(name, chance(60, in: 61) ? .string("a" + text()) : value(depth: 1)))
        }
        return .object(members.shuffled(using: &self))
    }
}
