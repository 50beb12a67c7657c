import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling
import Telemetry

/// The policies' decisions on charges that operators leave undecided. Every node makes them at intervals; the database
/// ensures that each charge is decided once.
package struct UndecidedPolicies: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger
    let metrics: MetricsRecorder

    /// The most charges of one transaction.
    private static let batchSize = 500
    /// The time that one transaction may take.
    private static let batchTime = Duration.seconds(10)

    /// Records a heartbeat, and notices an outage before it. It must be called several times a minute.
    ///
    /// - Returns: Whether the database recorded it.
    @discardableResult
    package func heartbeat() async -> Bool {
        await attempt(.heartbeat, (), doing: "the heartbeat") != nil
    }

    /// Makes one pass through all charges that are due. The time of a complete pass is a metric.
    ///
    /// - Returns: The number of charges that were decided. Charges that could not be decided are left to the next pass,
    ///   and the reason is logged.
    @discardableResult
    package func decide() async -> Int {
        var decided = 0
        let operators = await attempt(.operatorsWithPolicy, (), doing: "looking for policies")
        var isComplete = operators != nil
        for identifier in operators ?? [] {
            var place: PolicyPlace? = PolicyPlace(operatorIdentifier: identifier)
            while let current = place {
                if Task.isCancelled {
                    isComplete = false
                    break
                }
                let input = PolicyInput(batch: .random(), place: current, maximum: Int32(Self.batchSize))
                guard let found = await attempt(.decideUndecided, input, doing: "deciding by policy")?.first
                else {
                    isComplete = false
                    break
                }
                decided += found.decided
                place = found.decided == Self.batchSize ? found.last : nil
            }
        }
        if isComplete {
            metrics.set(.policiesLastRun, [], to: Double(WallClock.millisecondsSince1970) / 1000)
        }
        if decided > 0 {
            logger.info("policies decided charges", metadata: ["charges": "\(decided)"])
        }
        return decided
    }

    private func attempt<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String
    ) async -> [Row]? {
        await pool.attempt(statement, input, doing: purpose, within: Self.batchTime, logger: logger)
    }
}

/// The progress of a pass through an operator's charges.
struct PolicyPlace: Sendable {
    let operatorIdentifier: OperatorIdentifier
    /// The last charge that was decided; before the first one, `-infinity` and no number.
    var receivedOn = Timestamp(microsecondsSince2000: .min)
    var number = ""
}

/// The input for the next charges of a pass, which are decided in one transaction.
struct PolicyInput: Sendable {
    let batch: PostgresUUID
    let place: PolicyPlace
    let maximum: Int32
}

/// The result of one transaction of a pass: the number of charges decided, and the place that it has reached.
struct PolicyProgress: Sendable {
    let decided: Int
    let last: PolicyPlace?
}

extension Statement where Input == PolicyInput, Row == PolicyProgress {
    /// Decides the next charges of a pass by `countersign.decide_undecided` (sql/migrations).
    static let decideUndecided = Statement(
        "decide_undecided",
        """
        SELECT \(\.place.operatorIdentifier), decided, last_received_on, last_number
        FROM countersign.decide_undecided(
            \(\.batch), \(\.place.operatorIdentifier), \(\.place.receivedOn), \(\.place.number), \(\.maximum))
        """,
        row: {
            (operatorIdentifier: OperatorIdentifier, decided: Int, receivedOn: Timestamp?, number: String?) in
            guard let receivedOn, let number else { return PolicyProgress(decided: decided, last: nil) }
            return PolicyProgress(
                decided: decided,
                last: PolicyPlace(
                    operatorIdentifier: operatorIdentifier, receivedOn: receivedOn, number: number))
        })
}

extension Statement where Input == Void, Row == OperatorIdentifier {
    /// Reads the operators whose policy may decide at all. `countersign.decide_undecided` determines when.
    static let operatorsWithPolicy = Statement(
        "operators_with_policy",
        """
        SELECT operator_id FROM countersign.operator
        WHERE undecided_policy <> 'hold' AND suspended_on IS NULL
        ORDER BY operator_id
        """)
}

extension Statement where Input == Void, Row == Void {
    /// Records a heartbeat. A gap of more than a minute was an outage, which ends now.
    static let heartbeat = Statement(
        "heartbeat",
        """
        UPDATE countersign.heartbeat
        SET outage_ended_on = CASE
                WHEN clock_timestamp() - last_heartbeat_on > interval '1 minute' THEN clock_timestamp()
                ELSE outage_ended_on
            END,
            last_heartbeat_on = clock_timestamp()
        """)
}
