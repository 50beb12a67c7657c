import Authentication
import ChargeStore
import Charges
import Console
import HTTPFront
import Logging
import Scheduling
import Telemetry
import ServiceLifecycle
import UnixSignals

/// One node of the service with all of its parts.
struct Node {
    let settings: Settings
    /// The connection string of the database.
    let database: String
    /// The connection strings for the pages of administration and for their reports, if they are not those of the
    /// settings.
    var administrationDatabase: String?
    var reportingDatabase: String?
    let logger: Logger

    /// Serves until SIGTERM or SIGINT, and then finishes the calls in progress.
    ///
    /// - Parameter onListening: The closure that receives the operators' port when the node listens on it.
    func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws(CommandFailure) {
        // A port that is taken is an error by itself, before the node does anything.
        try await settings.checkPorts()
        // Signals are trapped before the first log line: a reader of that line may already stop the node.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        var logger = logger
        logger[metadataKey: "node"] = "\(NodeName.of(settings))"
        let metrics = MetricsRecorder()
        let storeConfiguration = storeConfiguration
        let descriptors = DescriptorLimit.raised(
            databaseConnections: storeConfiguration.maximumDatabaseConnections,
            hasAdministration: settings.adminPort != nil)
        guard descriptors.suffices else {
            throw CommandFailure(
                "the node may have \(descriptors.total) files open (ulimit -n), which is too few for its "
                    + "connections; it needs \(descriptors.needed)")
        }
        logger.info(
            "connections are bounded by the limit of open files",
            metadata: [
                "open_files": "\(descriptors.total)", "reserve": "\(descriptors.reserve)",
                "operators": "\(descriptors.operatorConnections)",
                "internal": "\(descriptors.internalConnections)",
            ])
        let store: Store
        do {
            store = try Store(storeConfiguration, logger: logger, metrics: metrics)
        } catch {
            throw CommandFailure(error.description, status: CommandFailure.wrongUsage)
        }
        let hasher = PasswordHasher()
        let loginBounds = BoundReport(
            side: "operators", [.logins, .addressLogins], logger: logger, metrics: metrics)
        let transfers = TransferTurns(boundMet: Self.transferBounds(logger: logger, metrics: metrics))
        let keys = TokenKeys(repository: store.signingKeys)
        let revocations = TokenRevocations(repository: store.tokenRevocations)
        let now: @Sendable () -> Timestamp? = { [clock = store.clock] in clock.now }
        let issuer = TokenIssuer(keys: keys, now: now)
        let login = LoginService(
            users: store.users, hasher: hasher, tokens: issuer, maximumPerAddress: settings.loginsPerAddress,
            boundMet: { loginBounds.met($0, address: $1) })
        let readiness = NodeReadiness(store: store)
        let dependencies = HTTPDependencies(
            decisions: store.decisions, charges: store.charges, provider: store.provider,
            statements: store.statements, reconciliations: store.reconciliations, operators: store.operators,
            transfers: transfers,
            login: login,
            keyLogin: APIKeyLogin(keys: store.apiKeys, tokens: issuer),
            tokens: TokenVerifier(
                keys: keys, revocations: revocations, operators: store.operators, now: now),
            providerKeys: ProviderKeyVerifier(keys: store.providerKeys),
            tokenRevocations: revocations,
            readiness: readiness, metrics: metrics,
            gauges: GaugeSources([
                NodeGauges(name: NodeName.of(settings), login: login, transfers: transfers), ProcessGauges(),
                store,
            ]))
        let console: Console
        let administrationSite: AdministrationSite
        do {
            administrationSite = try AdministrationSite(
                AdministrationSiteDependencies(
                    sessions: TokenAdministratorSessions(
                        login: login, administrators: store.administrators, keys: keys, now: now),
                    administration: store.serviceAdministration, catalog: store.reports,
                    reports: store.reports, hasher: hasher, now: now))
            console = try Console(
                ConsoleDependencies(
                    decisions: store.decisions, charges: store.charges, search: store.chargeSearches,
                    overview: store.overviews, statements: store.statements,
                    reconciliations: store.reconciliations, decisionFiles: store.decisionFiles,
                    accounts: store.accountAdministration,
                    activity: store.activity, hasher: hasher, login: login,
                    issuer: TokenIssuer(keys: keys, audience: .console, now: now),
                    verifier: TokenVerifier(
                        keys: keys, revocations: revocations, operators: store.operators,
                        audience: .console, now: now),
                    revocations: revocations,
                    files: SiteFiles(
                        statements: store.statements, reconciliations: store.reconciliations,
                        transfers: transfers),
                    now: now))
        } catch {
            throw CommandFailure("the templates of pages cannot be read: \(error)")
        }
        let operators = HTTPServer.operators(
            frontConfiguration(port: settings.port, connections: descriptors.operatorConnections),
            dependencies, site: console, logger: logger
        ) {
            [logger, settings] port in
            logger.info(
                "listening on \(settings.host):\(port)",
                metadata: ["port": "\(port)", "side": "operators"])
            await onListening(port)
        }
        let internals = HTTPServer.internalListener(
            internalConfiguration(connections: descriptors.internalConnections), dependencies,
            logger: logger
        ) {
            [logger, settings] port in
            logger.info(
                "listening on \(settings.host):\(port)",
                metadata: ["port": "\(port)", "side": "internal"])
        }
        let administration = settings.adminPort.map { adminPort in
            HTTPServer.administration(
                administrationConfiguration(port: adminPort), dependencies, site: administrationSite,
                logger: logger
            ) {
                [logger, settings] port in
                logger.info(
                    "listening on \(settings.adminHost):\(port)",
                    metadata: ["port": "\(port)", "side": "administration"])
            }
        }
        store.start()
        let startedAt = ContinuousClock.now
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        // The last service stops first.
        var services: [any Service] = [
            CredentialRefreshService(polling: CredentialRefresher(keys: keys, revocations: revocations))
        ]
        services += PeriodicService.background(of: store).map { $0 as any Service }
        services.append(
            PeriodicService.nodeStatus(of: store, name: NodeName.of(settings), startedAt: startedAt))
        services += [FailedItemService(store: store), internals]
        if let administration { services.append(administration) }
        services += [
            operators,
            Drain(
                readiness: readiness, milliseconds: settings.drainMilliseconds, transfers: transfers,
                transferTime: .milliseconds(settings.callTimeoutMilliseconds), logger: logger),
        ]
        var configuration = ServiceGroupConfiguration(
            services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
            logger: quiet)
        // By then every call has been answered, and transfers are cut. Connections that are still open are closed.
        configuration.maximumGracefulShutdownDuration = .milliseconds(
            settings.drainMilliseconds + settings.callTimeoutMilliseconds + 5000)
        let group = ServiceGroup(configuration: configuration)
        var failure: CommandFailure?
        do {
            try await group.run(until: signals)
        } catch let error as ListeningFailure {
            failure = settings.failure(error)
        } catch {
            failure = CommandFailure("the node cannot serve: \(error)")
        }
        await store.shutdown(deadline: .now + .seconds(5))
        hasher.end()
        if let failure { throw failure }
        logger.info("stopped")
    }

    /// Reports the bounds that transfers meet, of operators and of the provider.
    private static func transferBounds(
        logger: Logger, metrics: MetricsRecorder
    ) -> @Sendable (CallerBound, QueueShare, String) -> Void {
        let bounds: [CallerBound] = [.transfers, .operatorTransfers]
        let operators = BoundReport(side: "operators", bounds, logger: logger, metrics: metrics)
        let internals = BoundReport(side: "internal", bounds, logger: logger, metrics: metrics)
        return { bound, share, address in
            (share == .provider ? internals : operators).met(bound, address: address)
        }
    }

    private static func given(_ text: String) -> String? { text.isEmpty ? nil : text }

    private var storeConfiguration: StoreConfiguration {
        var configuration = StoreConfiguration(database: database)
        configuration.pooler = settings.databasePooler
        if settings.adminPort != nil {
            configuration.administrationDatabase =
                administrationDatabase ?? Self.given(settings.administrationDatabase)
            configuration.reportingDatabase = reportingDatabase ?? Self.given(settings.reportingDatabase)
        }
        configuration.applicationName = "countersign \(NodeName.of(settings))"
        configuration.maximumConnections = settings.connections
        configuration.batchesCalls = settings.batching
        configuration.maximumBatchesUnderWay = settings.decisionTransactions
        configuration.maximumBatchItems = settings.chargesPerTransaction
        configuration.maximumQueueLength = settings.queueLength
        configuration.operatorLimits.waitingCalls = settings.queueLengthPerOperator
        configuration.lockWaitMilliseconds = settings.lockWaitMilliseconds
        configuration.slowBatchMilliseconds = settings.slowBatchMilliseconds
        return configuration
    }

    /// The configuration of the internal listener. The provider sends larger bodies than operators.
    private func internalConfiguration(connections: Int) -> HTTPConfiguration {
        var configuration = frontConfiguration(port: settings.internalPort, connections: connections)
        configuration.maximumBodyBytes = 4 * 1024 * 1024
        return configuration
    }

    /// The configuration of the administration's listener, which has an address of its own.
    private func administrationConfiguration(port: Int) -> HTTPConfiguration {
        var configuration = frontConfiguration(
            port: port, connections: DescriptorLimit.administrationConnections)
        configuration.host = settings.adminHost
        return configuration
    }

    private func frontConfiguration(port: Int, connections: Int) -> HTTPConfiguration {
        var configuration = HTTPConfiguration()
        configuration.host = settings.host
        configuration.port = port
        configuration.maximumConnections = connections
        configuration.maximumConnectionsPerAddress = settings.httpConnectionsPerAddress
        configuration.callTimeoutMilliseconds = settings.callTimeoutMilliseconds
        configuration.headerTimeoutMilliseconds = settings.headerTimeoutMilliseconds
        configuration.bodyTimeoutMilliseconds = settings.bodyTimeoutMilliseconds
        configuration.errorStatusPolicy = settings.errorsHTTPStatus
        configuration.trustedProxies = settings.trustedProxies
        return configuration
    }
}

extension Settings {
    /// Checks that a node with these settings could listen on its ports now.
    ///
    /// - Throws: `CommandFailure` that names the setting to change.
    func checkPorts() async throws(CommandFailure) {
        do throws(ListeningFailure) {
            try await HTTPServer.checkListening(host: self.host, ports: [self.port, self.internalPort])
            if let adminPort = self.adminPort {
                try await HTTPServer.checkListening(host: self.adminHost, ports: [adminPort])
            }
        } catch {
            throw failure(error)
        }
    }

    fileprivate func failure(_ error: ListeningFailure) -> CommandFailure {
        let table = SettingTable.shared
        if error.port == self.adminPort {
            return CommandFailure(
                "the node \(error); change --\(table.adminHost.name) or --\(table.adminPort.name)")
        }
        let setting = error.port == self.port ? table.port : table.internalPort
        return CommandFailure("the node \(error); change --\(table.host.name) or --\(setting.name)")
    }
}
