package import Charges
import ConnectionPool
import LibPQ
package import Logging

/// All that a node keeps in PostgreSQL, behind the protocols of `Charges`. Any thread may call it.
package final class Store: Sendable {
    let pool: ConnectionPool<StoreConnection>
    private let waitingPool: ConnectionPool<StoreConnection>
    private let reader: PoolReader
    let failedItems = FailedItemCounts()
    let logger: Logger
    package let decisions: any DecisionRepository
    package let operators: any OperatorRepository
    package let users: any UserRepository
    package let signingKeys: any SigningKeyRepository

    /// Connects to nothing yet: `start` does.
    ///
    /// - Throws: `AdministrationFailure` if the connection string cannot be read.
    package init(_ configuration: StoreConfiguration, logger: Logger) throws(AdministrationFailure) {
        var parameters: ConnectionParameters
        do {
            parameters = try ConnectionParameters(parsing: configuration.database)
        } catch {
            throw AdministrationFailure("the setting 'database' cannot be read: \(error)", cause: error)
        }
        parameters["fallback_application_name"] = configuration.applicationName
        pool = .storePool(
            named: "store", parameters, maximumConnections: configuration.maximumConnections,
            maximumWaiters: configuration.maximumQueueLength,
            maximumWaitersPerShare: configuration.maximumQueueLengthPerOperator, configuration, logger: logger
        )
        // A call waits here for a connection no longer than for a lock, so the queue is short.
        waitingPool = .storePool(
            named: "store-waiting", parameters, maximumConnections: configuration.maximumWaitingConnections,
            maximumWaiters: 16, maximumWaitersPerShare: 8, configuration, logger: logger)
        reader = PoolReader(pool: pool, logger: logger)
        self.logger = logger
        decisions = CountingDecisionRepository(
            decisions: PostgresDecisionRepository(
                pool: pool, waitingPool: waitingPool,
                lockWait: .milliseconds(configuration.lockWaitMilliseconds), logger: logger),
            failedItems: failedItems)
        operators = PostgresOperatorRepository(reader: reader)
        users = PostgresUserRepository(reader: reader)
        signingKeys = PostgresSigningKeyRepository(reader: reader)
    }

    /// Begins to connect. Returns at once, whether the database is there or not.
    package func start() {
        pool.start()
        waitingPool.start()
    }

    /// Ends all connections once what is under way has ended, at the latest at the deadline.
    package func shutdown(deadline: ContinuousClock.Instant) async {
        await pool.shutdown(deadline: deadline)
        await waitingPool.shutdown(deadline: deadline)
    }

    /// Asks the database whether it is there.
    ///
    /// - Returns: Whether it answered before the deadline.
    package func answers(deadline: ContinuousClock.Instant) async -> Bool {
        (try? await reader.rows(.serverTime, (), deadline: deadline)) != nil
    }
}
