import Charges
import LibPQ

/// How far a pass through an operator's charges has come.
struct PolicyPlace: Sendable {
    let operatorIdentifier: OperatorIdentifier
    /// The last charge that was decided; before the first one, the earliest time and no number.
    var receivedOn = Timestamp(microsecondsSince2000: .min)
    var number = ""
}

/// The next charges of a pass, to be decided in one transaction.
struct PolicyInput: Sendable {
    let batch: PostgresUUID
    let place: PolicyPlace
    let maximum: Int
}

/// What one transaction decided by policy, and where it has come to.
struct PolicyProgress: Sendable {
    let decided: Int
    let last: PolicyPlace?
}

extension Statement where Input == PolicyInput, Row == PolicyProgress {
    /// Calls `countersign.decide_undecided` (sql/migrations).
    static let decideUndecided = Statement(
        "decide_undecided",
        """
        SELECT $2, decided, last_received_on, last_number
        FROM countersign.decide_undecided($1, $2, $3, $4, $5)
        """,
        parameters: [.uuid, .int8, .timestamptz, .text, .int4],
        bind: { input, parameters throws(PostgresError) in
            try parameters.append(input.batch)
            try parameters.append(input.place.operatorIdentifier.value)
            // The lowest number is the server's -infinity.
            try parameters.append(timestamp: input.place.receivedOn.microsecondsSince2000)
            try parameters.append(input.place.number)
            try parameters.append(Int32(input.maximum))
        },
        decode: { row throws(PostgresError) in
            let identifier = OperatorIdentifier(try row.next(Int64.self))
            let decided = Int(try row.next(Int32.self))
            guard let receivedOn = try row.nextOptionalTimestamp(), let number = try row.next(String?.self)
            else { return PolicyProgress(decided: decided, last: nil) }
            return PolicyProgress(
                decided: decided,
                last: PolicyPlace(operatorIdentifier: identifier, receivedOn: receivedOn, number: number))
        })
}

extension Statement where Input == Void, Row == OperatorIdentifier {
    /// The operators whose policy may act at all; when, `countersign.decide_undecided` says.
    static let operatorsWithPolicy = Statement(
        "operators_with_policy",
        """
        SELECT operator_id FROM countersign.operator
        WHERE undecided_policy <> 'hold' AND suspended_on IS NULL
        ORDER BY operator_id
        """,
        decode: { row throws(PostgresError) in OperatorIdentifier(try row.next(Int64.self)) })
}

extension Statement where Input == Void, Row == Void {
    /// Says that the service is there. A gap of more than a minute was an outage, which ends now.
    static let beat = Statement(
        "beat",
        """
        UPDATE countersign.pulse
        SET outage_ended_on = CASE
                WHEN clock_timestamp() - beaten_on > interval '1 minute' THEN clock_timestamp()
                ELSE outage_ended_on
            END,
            beaten_on = clock_timestamp()
        """)
}
