package import Charges
import ConnectionPool
import LibPQ
import Logging

/// Has operators' policies decide what the operators leave undecided. Every node does, every so often; the
/// database sees to it that each charge is decided once.
package struct UndecidedPolicies: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger

    /// Charges of one transaction.
    private static let batchSize = 500
    /// How long one transaction may take.
    private static let batchTime = Duration.seconds(10)

    /// Says that the service is there, and notices if it was not. It is to be called several times a minute.
    ///
    /// - Returns: Whether the database took it.
    @discardableResult
    package func beat() async -> Bool {
        await attempt(.beat, (), doing: "the heartbeat") != nil
    }

    /// Goes once through all charges that are due.
    ///
    /// - Returns: How many were decided. What could not be now is left to the next pass; the log says why.
    @discardableResult
    package func decide() async -> Int {
        var decided = 0
        let operators = await attempt(.operatorsWithPolicy, (), doing: "looking for policies") ?? []
        for identifier in operators {
            var place: PolicyPlace? = PolicyPlace(operatorIdentifier: identifier)
            while let current = place, !Task.isCancelled {
                let input = PolicyInput(batch: .random(), place: current, maximum: Self.batchSize)
                guard let found = await attempt(.decideUndecided, input, doing: "deciding by policy")?.first
                else { break }
                decided += found.decided
                place = found.decided == Self.batchSize ? found.last : nil
            }
        }
        if decided > 0 {
            logger.info("policies decided charges", metadata: ["charges": "\(decided)"])
        }
        return decided
    }

    private func attempt<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String
    ) async -> [Row]? {
        let deadline = ContinuousClock.now + Self.batchTime
        do {
            return try await pool.withConnection(
                deadline: deadline, share: PostgresProviderRepository.backgroundShare
            ) { lease throws(PostgresError) in
                try lease.transact(statement, input, until: deadline)
            }
        } catch {
            logger.warning("\(purpose) failed", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
