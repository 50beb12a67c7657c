package import Charges
import LibPQ

extension AdministrationSession {
    /// Adds an operator.
    ///
    /// - Parameters:
    ///   - code: 1 to 64 visible ASCII characters, unlike every other operator's.
    ///   - currency: The operator's local currency, three capital letters.
    ///   - undecidedWindowSeconds: How long a charge may stay undecided before the policy acts; at least 1.
    package func addOperator(
        code: String, currency: String, undecidedPolicy: UndecidedPolicy, undecidedWindowSeconds: Int
    ) throws(AdministrationFailure) {
        guard (1...64).contains(code.utf8.count), code.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw AdministrationFailure("an operator's code is 1 to 64 visible ASCII characters")
        }
        guard CurrencyCode.isValid(currency) else {
            throw AdministrationFailure("a currency is three capital letters, such as EUR")
        }
        guard undecidedWindowSeconds > 0 else {
            throw AdministrationFailure("a window is at least one second long")
        }
        let input = NewOperator(
            code: code, currency: currency, undecidedPolicy: undecidedPolicy,
            undecidedWindowSeconds: undecidedWindowSeconds)
        guard try !change(.addOperator, input, doing: "adding the operator").isEmpty else {
            throw AdministrationFailure("there is an operator \(code) already")
        }
    }
}

struct NewOperator: Sendable {
    let code: String
    let currency: String
    let undecidedPolicy: UndecidedPolicy
    let undecidedWindowSeconds: Int
}

extension Statement where Input == NewOperator, Row == Int64 {
    static let addOperator = Statement(
        "add_operator",
        """
        INSERT INTO countersign.operator (code, currency, undecided_policy, undecided_window)
        VALUES ($1, $2, $3, make_interval(secs => $4::bigint))
        ON CONFLICT (code) DO NOTHING
        RETURNING operator_id
        """,
        parameters: [.text, .text, .text, .int8],
        bind: { new, parameters throws(PostgresError) in
            try parameters.append(new.code)
            try parameters.append(new.currency)
            try parameters.append(new.undecidedPolicy.rawValue)
            try parameters.append(Int64(new.undecidedWindowSeconds))
        },
        decode: { row throws(PostgresError) in try row.next(Int64.self) })
}
