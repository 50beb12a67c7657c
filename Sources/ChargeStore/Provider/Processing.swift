import Charges
import LibPQ

/// The input of a call that takes, releases or processes charges, with the deadline by the server's clock.
struct ProcessInput: Sendable {
    let action: ProcessingCall.Action
    let items: [ProcessingCall.Item]
    /// The lock wait; 0 passes over locked charges.
    let lockWaitMilliseconds: Int32
    /// The moment after which nothing is applied.
    let deadline: Timestamp
}

extension Statement where Input == ProcessInput, Row == ProviderFailure? {
    /// Calls `countersign.process` (sql/migrations). It returns one row for each item, in order.
    static let process = Statement(
        "process",
        """
        SELECT outcome, current_status, current_decision, current_revision
        FROM countersign.process(
            \(\.action), \(\.lockWaitMilliseconds), \(\.deadline), \(\.items.operatorCodes),
            \(\.items.numbers), \(\.items.revisions), \(\.items.finalStatuses))
        """,
        decode: { row throws(PostgresError) in
            let outcome = try row.next(String.self)
            let conflict = ProviderFailure.Conflict(
                status: try row.next(), decision: try row.next(), revision: try row.next())
            if outcome == "DONE" { return nil }
            guard let code = ProviderFailureCode(rawValue: outcome) else {
                throw .decoding("the process function gave an unknown outcome")
            }
            return ProviderFailure(code, conflict: conflict)
        })
}

/// The columns of items, one array each, in order. What PostgreSQL cannot store is NULL.
extension [ProcessingCall.Item] {
    fileprivate var operatorCodes: [ExactText?] { map(\.operatorCode.storable) }
    fileprivate var numbers: [ExactText?] { map(\.number.storable) }
    fileprivate var revisions: [Int32?] { map { $0.revision.map { Int32(clamping: $0) } } }
    /// The final statuses that the outcomes name; NULL where an outcome is none of the four.
    fileprivate var finalStatuses: [ChargeStatus?] {
        map { $0.outcome.flatMap(ChargeStatus.init(rawValue:)).flatMap { $0 == .pending ? nil : $0 } }
    }
}
