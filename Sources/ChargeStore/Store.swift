package import Authentication
package import Charges
import ConnectionPool
import LibPQ
package import Logging
package import Scheduling
package import Telemetry

/// A node's storage in PostgreSQL, behind the protocols of `Charges`. Any thread may call it.
package final class Store: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let cluster: Cluster
    private let waitingPool: ConnectionPool<StoreConnection>
    private let accessPool: ConnectionPool<StoreConnection>
    private let transferPool: ConnectionPool<StoreConnection>
    private let reconciliationPool: ConnectionPool<StoreConnection>
    let reader: QueryRunner
    let batcher: DecisionBatcher
    let resolver: InDoubtCommitResolver
    private let administrationPool: ConnectionPool<StoreConnection>?
    private let reportPool: ConnectionPool<ReportConnection>?
    let failedItems = FailedItemCounts()
    let logger: Logger
    package let decisions: any DecisionRepository
    package let charges: any ChargeRepository
    package let chargeSearches: any ChargeSearchRepository
    package let overviews: any OverviewRepository
    package let operators: any OperatorRepository
    package let users: any UserRepository
    package let apiKeys: any APIKeyRepository
    package let accountAdministration: any AccountAdministration
    package let activity: any ActivityRepository
    package let administrators: any AdministratorRepository
    package let serviceAdministration: any ServiceAdministration
    package let reports: PostgresReportRunner
    package let signingKeys: any SigningKeyRepository
    package let tokenRevocations: any TokenRevocationRepository
    package let provider: any ProviderRepository
    package let providerKeys: any ProviderKeyRepository
    package let publisher: DecisionPublisher
    package let policies: UndecidedPolicies
    package let statements: any StatementRepository
    package let statementCloser: StatementCloser
    package let reconciliations: any ReconciliationRepository
    package let reconciliationComparer: ReconciliationComparer
    package let decisionFiles: any DecisionFileRepository
    package let decisionFileRunner: DecisionFileRunner
    /// The database's time, by which tokens are issued and expire.
    package let clock: DatabaseClock

    /// The number of connections for reading who may call.
    fileprivate static let accessConnections = 2
    /// The number of connections for transfers of files, of which a node has one under way at a time.
    fileprivate static let transferConnections = 1
    /// The number of connections for reconciliations: one file comes in while another is compared.
    fileprivate static let reconciliationConnections = 2

    /// Makes a store that connects to nothing yet: `start` does.
    ///
    /// - Throws: `AdministrationFailure` if the connection string cannot be read.
    package init(
        _ configuration: StoreConfiguration, logger: Logger, metrics: MetricsRecorder = MetricsRecorder()
    ) throws(AdministrationFailure) {
        let parameters = try Self.parameters(configuration.database, setting: "database", configuration)
        clock = DatabaseClock(wallClock: configuration.wallClock, logger: logger)
        cluster = Cluster(
            parameters,
            maximumConnections: configuration.maximumNodeConnections,
            databaseClock: clock, pooler: configuration.pooler)
        pool = .storePool(
            named: "store", cluster, maximumConnections: configuration.maximumConnections,
            maximumWaiters: configuration.maximumQueueLength,
            maximumWaitersPerShare: configuration.operatorLimits.waitingCalls, configuration,
            logger: logger,
            metrics: metrics)
        // A call waits here for a connection no longer than for a lock, so the queue is short.
        waitingPool = .storePool(
            named: "store-waiting", cluster, maximumConnections: configuration.maximumWaitingConnections,
            maximumWaiters: 16, maximumWaitersPerShare: 8, configuration, logger: logger,
            metrics: metrics)
        // The rows that say who may call are read on connections of their own, however busy the others are.
        accessPool = .storePool(
            named: "store-access", cluster, maximumConnections: Self.accessConnections, maximumWaiters: 8,
            maximumWaitersPerShare: 8, configuration, logger: logger,
            metrics: metrics)
        transferPool = .storePool(
            named: "store-transfers", cluster, minimumConnections: 0,
            maximumConnections: Self.transferConnections, maximumWaiters: 8, maximumWaitersPerShare: 8,
            configuration, logger: logger, metrics: metrics)
        // A part of a comparison takes as long as hundreds of decisions.
        reconciliationPool = .storePool(
            named: "store-reconciliation", cluster, maximumConnections: Self.reconciliationConnections,
            maximumWaiters: 64, maximumWaitersPerShare: 64, configuration, logger: logger, metrics: metrics)
        reader = QueryRunner(pool: pool, logger: logger)
        let accessReader = QueryRunner(pool: accessPool, logger: logger)
        self.logger = logger
        resolver = InDoubtCommitResolver(pool: pool, logger: logger, metrics: metrics)
        batcher = DecisionBatcher(
            pool: pool, resolver: resolver, configuration: BatcherConfiguration(configuration),
            logger: logger, metrics: metrics)
        decisions = CountingDecisionRepository(
            decisions: PostgresDecisionRepository(
                batcher: batcher, pool: pool, waitingPool: waitingPool, cluster: cluster, resolver: resolver,
                lockWait: .milliseconds(configuration.lockWaitMilliseconds),
                reserve: configuration.decisionReserve, logger: logger),
            failedItems: failedItems)
        charges = PostgresChargeRepository(reader: reader)
        chargeSearches = PostgresChargeSearchRepository(reader: reader)
        overviews = PostgresOverviewRepository(reader: reader)
        operators = PostgresOperatorRepository(reader: reader)
        users = PostgresUserRepository(reader: reader)
        apiKeys = PostgresAPIKeyRepository(reader: reader)
        accountAdministration = PostgresAccountAdministration(pool: pool, reader: reader, logger: logger)
        activity = PostgresActivityRepository(pool: pool, reader: reader, logger: logger)
        administrators = PostgresAdministratorRepository(pool: pool, reader: reader, logger: logger)
        administrationPool = try Self.administrationPool(configuration, logger: logger, metrics: metrics)
        serviceAdministration = PostgresServiceAdministration(
            pool: AdministrationPool(pool: administrationPool, logger: logger))
        reportPool = try Self.reportPool(configuration, logger: logger, metrics: metrics)
        reports = PostgresReportRunner(pool: reportPool, logger: logger)
        signingKeys = PostgresSigningKeyRepository(
            reader: accessReader, replicatedReader: reader, clock: clock)
        tokenRevocations = PostgresTokenRevocationRepository(
            reader: accessReader, replicatedReader: reader, writingPool: pool, logger: logger)
        publisher = DecisionPublisher(pool: pool, logger: logger)
        policies = UndecidedPolicies(pool: pool, logger: logger, metrics: metrics)
        statements = PostgresStatementRepository(
            reader: reader, transferReader: QueryRunner(pool: transferPool, logger: logger), logger: logger)
        statementCloser = StatementCloser(pool: pool, logger: logger)
        let worker = PostgresUUID.random()
        reconciliations = PostgresReconciliationRepository(
            pool: reconciliationPool, reader: reader, worker: worker, logger: logger)
        reconciliationComparer = ReconciliationComparer(
            pool: reconciliationPool, worker: worker, logger: logger)
        decisionFiles = PostgresDecisionFileRepository(
            pool: pool, reader: reader,
            bounds: DecisionFileBoundReport(logger: logger, metrics: metrics), logger: logger)
        decisionFileRunner = DecisionFileRunner(
            pool: pool, reader: reader, decisions: decisions, worker: worker, logger: logger)
        provider = PostgresProviderRepository(
            pool: pool, waitingPool: waitingPool, publisher: publisher,
            lockWait: .milliseconds(configuration.lockWaitMilliseconds), logger: logger)
        providerKeys = PostgresProviderKeyRepository(reader: reader)
    }

    /// Begins to connect. It returns at once, whether the database is there or not.
    package func start() {
        pool.start()
        waitingPool.start()
        accessPool.start()
        transferPool.start()
        reconciliationPool.start()
        administrationPool?.start()
        reportPool?.start()
    }

    /// Closes all connections once the work under way has ended, at the latest at the deadline.
    package func shutdown(deadline: ContinuousClock.Instant) async {
        await pool.shutdown(deadline: deadline)
        await waitingPool.shutdown(deadline: deadline)
        await accessPool.shutdown(deadline: deadline)
        await transferPool.shutdown(deadline: deadline)
        await reconciliationPool.shutdown(deadline: deadline)
        await administrationPool?.shutdown(deadline: deadline)
        await reportPool?.shutdown(deadline: deadline)
    }

    /// Reads a connection string.
    ///
    /// - Parameter setting: The setting that has it.
    private static func parameters(
        _ text: String, setting: String, _ configuration: StoreConfiguration
    ) throws(AdministrationFailure) -> ConnectionParameters {
        do {
            var parameters = try ConnectionParameters(parsing: text)
            parameters["fallback_application_name"] = configuration.applicationName
            return parameters
        } catch {
            throw AdministrationFailure("the setting '\(setting)' cannot be read: \(error)", cause: error)
        }
    }

    /// The pool for `/admin`, if the node has a connection string for it.
    private static func administrationPool(
        _ configuration: StoreConfiguration, logger: Logger, metrics: MetricsRecorder
    ) throws(AdministrationFailure) -> ConnectionPool<StoreConnection>? {
        guard let database = configuration.administrationDatabase else { return nil }
        let cluster = Cluster(
            try parameters(database, setting: AdministrationPool.setting, configuration),
            maximumConnections: AdministrationPool.maximumConnections, pooler: configuration.pooler)
        return .storePool(
            named: "store-administration", cluster, minimumConnections: 0,
            maximumConnections: AdministrationPool.maximumConnections, maximumWaiters: 16,
            maximumWaitersPerShare: 16, configuration, logger: logger, metrics: metrics)
    }

    /// The pool for reports, if the node has a connection string for it.
    private static func reportPool(
        _ configuration: StoreConfiguration, logger: Logger, metrics: MetricsRecorder
    ) throws(AdministrationFailure) -> ConnectionPool<ReportConnection>? {
        guard let database = configuration.reportingDatabase else { return nil }
        let parameters = try parameters(database, setting: PostgresReportRunner.setting, configuration)
        var settings = PoolConfiguration()
        settings.minimumConnections = 0
        settings.maximumConnections = PostgresReportRunner.maximumConnections
        settings.maximumWaiters = 8
        settings.maximumWaitersPerShare = 8
        settings.connectTimeoutMilliseconds = configuration.connectTimeoutMilliseconds
        let observer = PoolLog(logger: logger, metrics: metrics)
        observer.declare(pool: "reports")
        return ConnectionPool(configuration: settings, name: "reports", observer: observer) { deadline in
            try ReportConnection(parameters, deadline: deadline) { notice in
                logger.notice("notice from the database", metadata: ["notice": "\(notice)"])
            }
        }
    }

    /// The pools, with their names in the log and the metrics.
    var pools: [(name: String, pool: ConnectionPool<StoreConnection>)] {
        [
            ("store", pool), ("store-waiting", waitingPool), ("store-access", accessPool),
            ("store-transfers", transferPool),
            ("store-reconciliation", reconciliationPool),
        ]
    }

    /// Reads whether the database answers, and whether its schema still admits this build.
    package func readiness(deadline: ContinuousClock.Instant) async -> DatabaseReadiness {
        guard let oldest = try? await reader.rows(.oldestBuild, (), deadline: deadline).first else {
            return .silent
        }
        return oldest <= Build.number ? .ready : .beyondThisBuild
    }
}

/// The configuration of a node's store. Times are in milliseconds.
package struct StoreConfiguration: Sendable {
    /// A connection string or a URI, as libpq takes it (PostgreSQL manual, chapter 34.1.1).
    package var database: String
    /// The connection string for `/admin`, of a login in the role countersign_administration; `nil` if there is none.
    package var administrationDatabase: String?
    /// The connection string for reports, of a login in the role countersign_reporting; `nil` if there is none.
    package var reportingDatabase: String?
    /// What is between the node and the database.
    package var pooler = DatabasePooler.none
    /// The name that `pg_stat_activity` shows, unless the connection string names another.
    package var applicationName = "countersign"
    /// The most connections for ordinary work.
    package var maximumConnections = 8
    /// The most connections for calls that wait for locks that other sessions hold.
    package var maximumWaitingConnections = 2
    /// The most connections of all kinds with the node's own login: those above, those for reading who may call, the
    /// one for transfers, and those for reconciliations.
    package var maximumNodeConnections: Int {
        maximumConnections + maximumWaitingConnections + Store.accessConnections + Store.transferConnections
            + Store.reconciliationConnections
    }
    /// The most connections of all kinds, with those for administration and for reports.
    package var maximumDatabaseConnections: Int {
        maximumNodeConnections
            + (administrationDatabase == nil ? 0 : AdministrationPool.maximumConnections)
            + (reportingDatabase == nil ? 0 : PostgresReportRunner.maximumConnections)
    }
    /// Whether waiting calls are decided in one batch. If not, each call is a transaction of its own, as many at a time
    /// as there are connections.
    package var batchesCalls = true
    /// The most batches that may be under way; no more than there are connections.
    package var maximumBatchesUnderWay = 2
    /// The most charges of one batch; a single call is never split.
    package var maximumBatchItems = 500
    /// The most calls that may wait for their turn, in all.
    package var maximumQueueLength = 1024
    package var operatorLimits = OperatorLimits()
    /// The time that a whole call waits for locks that others hold.
    package var lockWaitMilliseconds = 1000
    /// The time beyond which a batch of decisions is logged, from the arrival of its first call to its commit.
    package var slowBatchMilliseconds = 1000
    /// The time for which a charge or a reference stays out of batches after another session was found to hold it.
    package var lockedKeyTime = Duration.seconds(1)
    /// The time that a decision's call keeps for resolving a commit whose answer was lost.
    package var decisionReserve = DeadlineBudget.Reserve.decision
    /// The time that one attempt to connect may take.
    package var connectTimeoutMilliseconds = 3000
    /// The clock of the node's machine, which is only compared with the database's.
    package var wallClock: @Sendable () -> Timestamp = { WallClock.now }

    package init(database: String) {
        self.database = database
    }
}
