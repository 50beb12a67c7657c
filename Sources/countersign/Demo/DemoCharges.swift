import Charges

/// The charges of `countersign dev`: believable customers, amounts and states, the same ones at each start.
enum DemoCharges {
    /// An operator with the currency of its customers, the price of a dollar in cents of it, and its policy.
    struct Operator {
        let code: String
        let currency: String
        let rate: Int
        let policy: UndecidedPolicy
    }

    static let operators = [
        Operator(code: "ACME", currency: "EUR", rate: 92, policy: .hold),
        Operator(code: "GLOBEX", currency: "CHF", rate: 88, policy: .accept),
        Operator(code: "INITECH", currency: "GBP", rate: 79, policy: .decline),
    ]
    /// The window of the operators' policies.
    static let undecidedWindowSeconds = 72 * 3600
    /// The number of charges of each operator. The first ones are pending and undecided: younger than the window, but for
    /// some of an operator without a policy. Some of the others were decided lately. If the operator has a policy, the
    /// last ones are left to it.
    static let chargesPerOperator = 1800
    private static let undecidedCharges = 400
    /// The first of the undecided charges that may be older than the window, and how old they may be.
    private static let firstForgottenCharge = 360
    private static let forgottenDays = 12
    /// The charges that were decided lately.
    private static let recentCharges = 1500...1580
    private static let chargesLeftToPolicy = 100
    private static let historyDays = 90

    /// The charges of all operators in the form of an import.
    static func all(now: Timestamp) throws(ImportFailure) -> [ImportedCharge] {
        var charges: [ImportedCharge] = []
        for (place, one) in operators.enumerated() {
            for index in 1...chargesPerOperator {
                charges.append(
                    try ImportedCharge(
                        line: charges.count + 1, values(one, place: place, index: index, now: now)))
            }
        }
        return charges
    }

    private static func values(
        _ one: Operator, place: Int, index: Int, now: Timestamp
    ) -> (ImportColumn) -> String? {
        // The generator is seeded by the charge, so the data are the same on every machine.
        var state = UInt64(place * 1_000_003 + index) &* 0x9E37_79B9_7F4A_7C15
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let cents = [699, 999, 1549, 1799, 2299][random(5)]
        let isForgotten = one.policy == .hold && (firstForgottenCharge...undecidedCharges).contains(index)
        let minutesAgo =
            isForgotten
            ? random(forgottenDays * 1440)
            : index <= undecidedCharges
                ? random(70 * 60)
                : recentCharges.contains(index)
                    ? random(3 * 1440) : 3 * 1440 + random((historyDays - 3) * 1440)
        let received = now.earlier(minutes: minutesAgo + 60)
        let decided = received.earlier(minutes: -random(55))
        let processed = decided.earlier(minutes: -4)
        var columns: [ImportColumn: String] = [
            .operatorCode: one.code, .number: "I" + padded(index, 8),
            .providerChargeIdentifier: "nf-\(one.code)-\(index)",
            .customer: "\(one.code.lowercased())-\(padded(1000 + index / 2, 6))", .amount: money(cents),
            .currency: "USD",
            .localCurrencyAmount: money(cents * one.rate / 100), .localCurrency: one.currency,
            .paidThroughDate: String(received.earlier(minutes: -31 * 1440).text.prefix(10)),
            .receivedOn: received.text,
        ]
        let isLeftToPolicy = one.policy != .hold && index > chargesPerOperator - chargesLeftToPolicy
        guard index > undecidedCharges, !isLeftToPolicy else { return { columns[$0] } }
        let isAccepted = random(10) > 0
        columns[.decision] = isAccepted ? "ACCEPTED" : "DECLINED"
        columns[.decidedOn] = decided.text
        if random(25) > 0 { columns[.referenceNumber] = "\(one.code)-2026-\(padded(index, 6))" }
        // Recent charges are often not processed yet. Old ones nearly always are.
        switch random(minutesAgo < 10 * 1440 ? 14 : 10) {
        case 0...6:
            columns[.status] = isAccepted ? "APPROVED" : "DECLINED"
            columns[isAccepted ? .setAsApprovedOn : .setAsDeclinedOn] = processed.text
            if random(5) > 0 { columns[.acknowledged] = "true" }
        case 7:
            columns[.status] = "REJECTED"
            columns[.setAsRejectedRequestOn] = processed.text
        case 8:
            columns[.status] = "BAD_REQUEST"
            columns[.setAsBadRequestOn] = processed.text
        default: break
        }
        return { columns[$0] }
    }

    private static func money(_ cents: Int) -> String { "\(cents / 100).\(padded(cents % 100, 2))" }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension Timestamp {
    /// The moment that many minutes before this one.
    func earlier(minutes: Int) -> Timestamp {
        Timestamp(microsecondsSince2000: microsecondsSince2000 - Int64(minutes) * 60_000_000)
    }
}
