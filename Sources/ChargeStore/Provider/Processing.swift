import Charges
import LibPQ

/// The input of a call that takes, releases or processes charges, with the deadline by the server's clock.
struct ProcessInput: Sendable {
    let action: ProcessingCall.Action
    let items: [ProcessingCall.Item]
    /// The lock wait; 0 passes over locked charges.
    let lockWaitMilliseconds: Int
    /// The moment after which nothing is applied.
    let deadline: Timestamp
}

extension Statement where Input == ProcessInput, Row == ProviderFailure? {
    /// Calls `countersign.process` (sql/migrations). It returns one row for each item, in order.
    static let process = Statement(
        "process",
        """
        SELECT outcome, current_status, current_decision, current_revision
        FROM countersign.process($1, $2, $3, $4, $5, $6, $7)
        """,
        parameters: [.text, .int4, .timestamptz, .textArray, .textArray, .int4Array, .textArray],
        bind: { input, parameters throws(PostgresError) in
            try parameters.append(input.action.rawValue)
            try parameters.append(Int32(input.lockWaitMilliseconds))
            try parameters.append(timestamp: input.deadline.microsecondsSince2000)
            try parameters.append(input.items.map(\.operatorCode.storable))
            try parameters.append(input.items.map(\.number.storable))
            try parameters.append(input.items.map { $0.revision.map { Int32(clamping: $0) } })
            try parameters.append(input.items.map { $0.finalStatus?.rawValue })
        },
        decode: { row throws(PostgresError) in
            let outcome = try row.next(String.self)
            let conflict = ProviderFailure.Conflict(
                status: try row.next(String?.self), decision: try row.next(String?.self),
                revision: try row.next(Int32?.self).map { Int($0) })
            if outcome == "DONE" { return nil }
            guard let code = ProviderFailureCode(rawValue: outcome) else {
                throw .decoding("the process function gave an unknown outcome")
            }
            return ProviderFailure(code, conflict: conflict)
        })
}

extension ProcessingCall.Item {
    /// The final status that the outcome names, if it is one of the four.
    fileprivate var finalStatus: ChargeStatus? {
        guard let outcome, let status = ChargeStatus(rawValue: outcome), status != .pending else {
            return nil
        }
        return status
    }
}
