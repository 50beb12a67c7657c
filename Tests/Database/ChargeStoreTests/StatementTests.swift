import Authentication
import Charges
import ConnectionPool
import LibPQ
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of the statements against the schema. The server prepares each and does not run it.
@Suite struct StatementTests {
    private let database = TestDatabase.current!

    private static let statements: [any Describable] = listed + searches

    private static let searches: [any Describable] = ChargeSearchOrder.allCases.flatMap { order in
        ChargeSearchScope.allCases.map { Statement<ChargeSearch, ChargeSearchRow>.chargeSearch($0, order) }
    }

    private static let listed: [any Describable] = [
        Statement<DecisionBatch, BatchedDecision>.decideBatch,
        Statement<DecisionBatch, BatchedDecision>.acknowledgeBatch,
        Statement<Int, Void>.limitFastPath, Statement<Int, Void>.limitStatement,
        Statement<DecisionBatch, DecisionVerdict>.decide,
        Statement<[DecisionBatch.Item], DecisionVerdict?>.explainRefusal,
        Statement<[DecisionBatch.Item], DryRunOutcome>.expectedOutcomes,
        Statement<ResolveInput, PostgresUUID>.resolve,
        Statement<DecisionBatch, ResolvedDecision>.resolvedDecisions,
        Statement<[FailedItemCounts.Key: Int], Void>.addFailedItems,
        Statement<ChargeListQuery, ChargeListRow>.pendingByPlace,
        Statement<ChargeListQuery, ChargeListRow>.processedByPlace,
        Statement<ChargeListQuery, ChargeListRow>.pendingFilteredByPlace,
        Statement<ChargeListQuery, ChargeListRow>.processedFilteredByPlace,
        Statement<ChargeListQuery, ChargeListRow>.pendingByOffset,
        Statement<ChargeListQuery, ChargeListRow>.processedByOffset,
        Statement<ChargeListQuery, ChargeListRow>.customerByPlace,
        Statement<ChargeListQuery, ChargeListRow>.customerByOffset,
        Statement<ChargeSearch, ChargeSearchRow>.chargeSearchByNumber,
        Statement<ChargeSearch, ChargeSearchRow>.chargeSearchByReference,
        Statement<OverviewInput, UndecidedAgeRow>.undecidedByAge,
        Statement<OverviewInput, UndecidedDeadlinesRow>.undecidedByDeadline,
        Statement<OverviewInput, ProcessedCount>.processedCounts,
        Statement<OverviewInput, FailedItems>.failedItemsByCode,
        Statement<OverviewInput, DecisionDay>.decisionDays,
        Statement<SelectedCharges, Void>.declareSelectedCharges,
        Statement<Void, ChargeRecord>.fetchSelectedCharges,
        Statement<ChargeKey, ChargeRow>.chargeByNumber, Statement<ChargeKey, ChargeRow>.chargeByReference,
        Statement<ChargeNumbers, ChargeRecord>.chargesByNumbers,
        Statement<FeedInput, FeedRow>.readFeed, Statement<Int32, Int>.publishDecisions,
        Statement<Void, Int64>.purgePublishedBatches,
        Statement<NumberDrawInput, String?>.drawIngestNumbers,
        Statement<IngestInput, Result<IngestedCharge, ProviderFailure>>.ingest,
        Statement<ProcessInput, ProviderFailure?>.process,
        Statement<PolicyInput, PolicyProgress>.decideUndecided,
        Statement<Void, OperatorIdentifier>.operatorsWithPolicy, Statement<Void, Void>.heartbeat,
        Statement<ExactText, OperatorAccount>.operatorAccount, Statement<UserKey, UserAccount>.userAccount,
        Statement<[UInt8], APIKeyAccount>.apiKeyAccount, Statement<[UInt8], ProviderKeyRow>.providerKey,
        Statement<Void, SigningKeyRow>.signingKeys,
        Statement<TokenRevocationPosition?, TokenRevocationRow>.tokenRevocations,
        Statement<RevokedToken, Bool>.revokeToken,
        Statement<Void, Int64>.purgeExpiredTokenRevocations,
        Statement<NewOperatorAccount, OperatorIdentifier>.addOperator,
        Statement<String?, OperatorOverview>.operatorOverviews,
        Statement<ChangedOperator, Bool>.changeOperator,
        Statement<OperatorSuspension, Bool>.setOperatorSuspension,
        Statement<NewUser, Role?>.addUser, Statement<String?, LoginOverview>.users,
        Statement<UserPassword, Bool?>.setUserPassword, Statement<UserSuspension, Bool?>.setUserSuspension,
        Statement<NewKey, Role?>.addKey, Statement<NamedKey, Bool?>.revokeKey,
        Statement<LoginRole, Bool?>.setUserRole, Statement<LoginRole, Bool?>.setKeyRole,
        Statement<ActingChange<Void>, LoginRow>.accountsInConsole,
        Statement<ActingChange<NewUser>, AccountRefusal?>.addUserInConsole,
        Statement<ActingChange<LoginRole>, AccountRefusal?>.setUserRoleInConsole,
        Statement<ActingChange<LoginRole>, AccountRefusal?>.setKeyRoleInConsole,
        Statement<ActingChange<UserSuspension>, AccountRefusal?>.setUserSuspensionInConsole,
        Statement<ActingChange<UserPassword>, AccountRefusal?>.setUserPasswordInConsole,
        Statement<ActingChange<OwnPassword>, AccountRefusal?>.setOwnPasswordInConsole,
        Statement<ActingChange<NewKey>, AccountRefusal?>.addKeyInConsole,
        Statement<ActingChange<String>, AccountRefusal?>.revokeUserTokensInConsole,
        Statement<ActingChange<String>, AccountRefusal?>.revokeKeyInConsole,
        Statement<ActingChange<OperatorSettingsChange>, AccountRefusal?>.changeSettingsInConsole,
        Statement<OperatorKey, OperatorSettings>.operatorSettings,
        Statement<ActivityListInput, Activity>.activity,
        Statement<ActivityListInput, Activity>.activityOfKind,
        Statement<RecentActivity, (operatorCode: String?, activity: Activity)>.allActivity,
        Statement<SignIn, Void>.recordSignIn, Statement<Void, Int64>.purgeActivity,
        Statement<RecentActivity, (operatorCode: String?, activity: Activity)>.serviceActivity,
        Statement<AdministratorPassword, Bool>.addAdministrator,
        Statement<AdministratorPassword, Bool>.setAdministratorPassword,
        Statement<Void, AdministratorSummary>.administrators,
        Statement<AdministratorSuspension, AdministratorSuspension.Outcome>.setAdministratorSuspension,
        Statement<OwnAdministratorPassword, Bool>.setOwnAdministratorPassword,
        Statement<ExactText, AdministratorAccount>.administratorAccount,
        Statement<AdministratorGeneration, Void>.signOutAdministrator,
        Statement<AdministratorSignIn, Void>.recordAdministratorSignIn,
        Statement<ActingAdministrator, Void>.actAsAdministrator,
        Statement<Void, Void>.lockAdministrators, Statement<Void, Void>.nothing,
        Statement<ServiceOperatorSelection, ServiceOperator>.serviceOperators,
        Statement<String, Bool>.operatorExists, Statement<String, Bool>.signingKeyExists,
        Statement<String, Bool>.dropSigningKey, Statement<Void, SigningKeySummary>.signingKeySummaries,
        Statement<NewProviderKey, String>.addProviderKey,
        Statement<Void, ProviderKeySummary>.providerKeys, Statement<String, String>.revokeProviderKey,
        Statement<[UInt8], Timestamp>.addSigningKey, Statement<[UInt8], Timestamp>.replaceSigningKeys,
        Statement<Void, FeedStatus>.feedStatus, Statement<NodeReport, Void>.recordNodeStatus,
        Statement<Void, NodeStatus>.nodeStatuses,
        Statement<OperatorIdentifier, Bool>.hasAdministrator,
        Statement<String?, LoginOverview>.keys,
        Statement<BenchmarkCharges, Void>.addBenchmarkCharges,
        Statement<BenchmarkHistory, Void>.addBenchmarkHistory,
        Statement<BenchmarkReferences, Void>.takeBenchmarkReferences,
        Statement<[OperatorIdentifier], Int>.historyRowCount,
        Statement<[String], ServerSetting>.serverSettings,
        Statement<Void, BenchmarkCounters>.benchmarkCounters,
        Statement<Void, Bool>.hasUnpublishedDecisions, Statement<Void, WaitingInDatabase>.waitingInDatabase,
        Statement<String, Bool>.relationExists,
        Statement<Void, AppliedMigration>.appliedMigrations, Statement<Void, Int>.oldestBuild,
        Statement<Void, ServerIdentity>.serverIdentity, Statement<Void, Timestamp>.serverTime,
        Statement<Void, Void>.prepareSession, Statement<Void, Void>.prepareTransaction,
        Statement<Void, Void>.noOpWrite, Statement<Void, Void>.beReadOnly,
        Statement<OperatorIdentifier, Void>.actAsReader,
        Statement<OperatorIdentifier, Void>.actAsReplicatedReader,
        Statement<StatementPlace, StatementEvent>.statementEvents,
        Statement<StatementKey, ChainedStatement>.statementByNumber,
        Statement<StatementListInput, ClosedStatement>.statementList,
        Statement<StatementListInput, ListedStatement>.listedStatements,
        Statement<NewReconciliation, CreatedReconciliation>.createReconciliation,
        Statement<AppendedRows, Void>.appendReconciliationRows,
        Statement<UploadEnd, Bool>.endReconciliationUpload,
        Statement<UploadFailure, Void>.failReconciliationUpload,
        Statement<ReconciliationClaim, ReconciliationKey?>.claimReconciliation,
        Statement<ReconciliationSlice, Bool>.compareReconciliationSlice,
        Statement<ReconciliationListInput, Reconciliation>.reconciliationList,
        Statement<ReconciliationKey, ReconciliationTotal>.reconciliationTotals,
        Statement<DifferenceListInput, ReconciliationDifference>.reconciliationDifferences,
        Statement<DifferenceClosings, Int64?>.closeReconciliationDifferences,
        Statement<DifferenceClosings, ReconciliationClosing>.reconciliationClosings,
        Statement<NewDecisionFile, CreatedDecisionFile>.createDecisionFile,
        Statement<DecisionFileOrder, DecisionFileRefusal?>.runDecisionFile,
        Statement<DecisionFileOrder, DecisionFileRefusal?>.cancelDecisionFile,
        Statement<DecisionFileListInput, DecisionFile>.decisionFileList,
        Statement<DecisionFileKeyInput, DecisionFileRowCount>.decisionFileCounts,
        Statement<DecisionFileSumsInput, DecisionFileSum>.decisionFileSums,
        Statement<DecisionFileRowsInput, DecisionFileRow>.decisionFileRows,
        Statement<PostgresUUID, DecisionFileKeyInput?>.claimDecisionFile,
        Statement<DecisionFileWork, DecisionFileStep>.beginDecisionFileStep,
        Statement<DecisionFileWork, Void>.releaseDecisionFile,
        Statement<DecisionFilePart, DecisionFileItem>.decisionFileItems,
        Statement<DecisionFileFindings, Bool>.endDecisionFileCheck,
        Statement<DecisionFileFindings, Bool>.endDecisionFileCall,
        Statement<Void, Int>.purgeDecisionFile,
    ]

    /// The server infers a type where the SQL says it, and refuses the statement where it does not, as in
    /// `unnest($1)`.
    @Test("Each statement fits the schema, with the types that the server infers", .database)
    func eachStatementHasTheTypesThatTheServerInfers() async throws {
        try await database.withStore { store in
            let inferred = try await store.pool.withConnection(deadline: .now + .patience) {
                lease throws(PostgresError) in
                var inferred = 0
                for statement in Self.statements {
                    let declared = statement.parameterTypes.map(\.oid)
                    let types = try statement.typesInferred(on: lease.connection)
                    #expect(types == nil || types == declared, "\(statement.name)")
                    inferred += types == nil ? 0 : 1
                }
                return inferred
            }
            #expect(inferred > Self.statements.count / 2)
        }
    }
}

/// A statement, whatever its input and its rows.
private protocol Describable: Sendable {
    var name: String { get }
    var parameterTypes: [PostgresType] { get }

    /// The OIDs of the parameters' types as the server infers them; `nil` where it cannot.
    ///
    /// - Throws: `PostgresError` if the server refuses the statement with the types that it declares.
    func typesInferred(on connection: Connection) throws(PostgresError) -> [UInt32]?
}

extension Statement: Describable {
    fileprivate func typesInferred(on connection: Connection) throws(PostgresError) -> [UInt32]? {
        let deadline = ContinuousClock.now + .patience
        _ = try connection.describe(self, deadline: deadline)
        let untyped = Statement<Void, Void>("", "\(raw: sql)")
        return try? connection.describe(untyped, deadline: deadline).parameterTypeOIDs
    }
}
