import Authentication
import ChargeStore
import HTTPFront
import Logging
import ServiceLifecycle

/// One node of the service, wired.
struct Node {
    let settings: Settings
    /// The database, if it is not the one of the settings.
    let database: String
    let logger: Logger

    /// Serves until it is told to stop by SIGTERM or SIGINT, and lets the calls under way end.
    ///
    /// - Parameter onListening: Told the operators' port, once there is one.
    func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws(CommandFailure) {
        var logger = logger
        logger[metadataKey: "node"] = "\(NodeName.of(settings))"
        let store: Store
        do {
            store = try Store(storeConfiguration, logger: logger)
        } catch {
            throw CommandFailure(error.description, status: CommandFailure.wrongUsage)
        }
        let hasher = PasswordHasher()
        let keys = TokenKeys(repository: store.signingKeys)
        let readiness = NodeReadiness(store: store)
        let dependencies = FrontDependencies(
            decisions: store.decisions,
            login: LoginService(users: store.users, hasher: hasher, tokens: TokenIssuer(keys: keys)),
            tokens: TokenVerifier(keys: keys, operators: store.operators), readiness: readiness)
        let operators = Front.operators(frontConfiguration(.port), dependencies, logger: logger) {
            [logger, settings] port in
            logger.info(
                "listening on \(settings.text(.host)):\(port)",
                metadata: ["port": "\(port)", "side": "operators"])
            await onListening(port)
        }
        let internals = Front.internals(frontConfiguration(.internalPort), dependencies, logger: logger) {
            [logger, settings] port in
            logger.info(
                "listening on \(settings.text(.host)):\(port)",
                metadata: ["port": "\(port)", "side": "internal"])
        }
        store.start()
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: internals), .init(service: operators),
                // The last one stops first.
                .init(
                    service: Drain(
                        readiness: readiness, milliseconds: settings.number(.drainMilliseconds),
                        logger: logger)),
            ],
            logger: quiet)
        // By then every call has been answered; what is still open is cut off.
        configuration.maximumGracefulShutdownDuration = .milliseconds(
            settings.number(.drainMilliseconds) + settings.number(.callTimeoutMilliseconds) + 5000)
        let group = ServiceGroup(configuration: configuration)
        var failure: CommandFailure?
        do {
            try await group.runUntilSignalled()
        } catch let error as ListeningFailure {
            failure = CommandFailure("the node \(error); give another port or address")
        } catch {
            failure = CommandFailure("the node cannot serve: \(error)")
        }
        await store.shutdown(deadline: .now + .seconds(5))
        hasher.end()
        if let failure { throw failure }
        logger.info("stopped")
    }

    private var storeConfiguration: StoreConfiguration {
        var configuration = StoreConfiguration(database: database)
        configuration.applicationName = "countersign \(NodeName.of(settings))"
        configuration.maximumConnections = settings.number(.connections)
        configuration.maximumQueueLength = settings.number(.queueLength)
        configuration.maximumQueueLengthPerOperator = settings.number(.queueLengthPerOperator)
        configuration.lockWaitMilliseconds = settings.number(.lockWaitMilliseconds)
        return configuration
    }

    private func frontConfiguration(_ port: Setting) -> FrontConfiguration {
        var configuration = FrontConfiguration()
        configuration.host = settings.text(.host)
        configuration.port = settings.number(port)
        configuration.callTimeoutMilliseconds = settings.number(.callTimeoutMilliseconds)
        configuration.bodyTimeoutMilliseconds = settings.number(.bodyTimeoutMilliseconds)
        configuration.trustedProxies = TrustedProxies(settings.text(.trustedProxies)) ?? .none
        return configuration
    }
}
