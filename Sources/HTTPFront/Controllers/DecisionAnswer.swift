import Charges

/// The `data` of an answer to a call that decides.
enum DecisionAnswer {
    /// - Parameter tellsAll: Whether every item is told of, not the failed ones alone.
    static func data(_ items: [DecisionItem], _ outcomes: [ItemOutcome], tellsAll: Bool) -> JSONValue {
        var members: [JSONValue.Member] = []
        let failures = zip(items, outcomes).compactMap { item, outcome in
            if case .failed(let failure) = outcome { failed(item, failure) } else { nil }
        }
        if !failures.isEmpty { members.append(.init("failed_charges_set", .array(failures))) }
        if tellsAll { members.append(.init("results_set", .array(zip(items, outcomes).map(result)))) }
        return .object(members)
    }

    private static func failed(_ item: DecisionItem, _ failure: ItemFailure) -> JSONValue {
        .object([
            .init("number", .string(item.number.string)),
            .init("reference_number", reference(item)),
            .init("error_code", .string(failure.code.rawValue)),
            .init("error_description", .string(failure.description)),
        ])
    }

    private static func result(_ item: DecisionItem, _ outcome: ItemOutcome) -> JSONValue {
        var code = "OK"
        var made: DecisionMade?
        switch outcome {
        case .decided(let decision): made = decision
        case .failed(let failure): code = failure.code.rawValue
        }
        return .object([
            .init("number", .string(item.number.string)),
            .init("reference_number", reference(item)),
            .init("result", .string(code)),
            .init("decided_on", made.map { .string($0.decidedOn.text) } ?? .null),
            .init("revision", made?.revision.map { .number(String($0)) } ?? .null),
        ])
    }

    private static func reference(_ item: DecisionItem) -> JSONValue {
        item.referenceNumber.map { .string($0.string) } ?? .null
    }
}
