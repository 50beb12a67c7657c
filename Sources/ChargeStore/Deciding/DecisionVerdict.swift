import Charges
import LibPQ

/// What the database says of one item of a batch.
enum DecisionVerdict: Equatable, Sendable {
    case outcome(ItemOutcome)
    /// The call's deadline has passed by the server's clock; nothing was done.
    case deadlinePassed
    /// It was judged by rows of which nobody can say whether a standby has them; nothing was done.
    case notReplicated

    /// Whether another try would change nothing: the item was neither held by somebody else nor too late.
    var isFinal: Bool {
        switch self {
        case .outcome(.failed(let failure)): failure.code != .chargeLocked
        case .outcome: true
        case .deadlinePassed, .notReplicated: false
        }
    }
}

extension DecisionVerdict {
    /// Reads the columns outcome, decided_on, revision, standing_status, standing_reference_number and other_number,
    /// which `countersign.decide` and `countersign.judge` give alike.
    ///
    /// - Returns: `nil` where the outcome is NULL: nothing stands in the way.
    init?(reading row: inout RowReader) throws(PostgresError) {
        let outcome = try row.next(String?.self)
        let decidedOn = try row.next(Int64?.self)
        let revision = try row.next(Int32?.self)
        let standing = ItemFailure.Standing(
            status: try row.next(String?.self), referenceNumber: try row.next(String?.self),
            otherNumber: try row.next(String?.self))
        switch outcome {
        case nil: return nil
        case "DECIDED", "REPEATED", "STANDING":
            self = .outcome(.decided(DecisionMade(microseconds: decidedOn ?? 0, historyRevision: revision)))
        case "DEADLINE_PASSED": self = .deadlinePassed
        case let outcome?:
            guard let code = ItemFailureCode(rawValue: outcome) else {
                throw .decoding("the database gave an unknown outcome")
            }
            self = .outcome(.failed(ItemFailure(code, standing: standing)))
        }
    }
}

extension DecisionMade {
    /// As the history has it: in microseconds since 2000-01-01 UTC, and with revision 0 for an acknowledgement, which
    /// is no decision.
    init(microseconds: Int64, historyRevision: Int32?) {
        self.init(
            decidedOn: Timestamp(microsecondsSince2000: microseconds),
            revision: historyRevision == 0 ? nil : historyRevision.map(Int.init))
    }
}
