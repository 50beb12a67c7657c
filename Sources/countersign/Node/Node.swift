import Authentication
import ChargeStore
import HTTPFront
import Logging
import ServiceLifecycle
import UnixSignals

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
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: FailedItemService(store: store)),
                    .init(service: StoppingNotice(readiness: readiness)), .init(service: internals),
                    .init(service: operators),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        var failure: CommandFailure?
        do {
            try await group.run()
        } catch let error as ListeningFailure {
            failure = CommandFailure("the node \(error); give another port or address")
        } catch {
            failure = CommandFailure("the node cannot serve: \(error)")
        }
        await store.shutdown(deadline: .now + .seconds(15))
        hasher.end()
        if let failure { throw failure }
        logger.info("stopped")
    }

    private var storeConfiguration: StoreConfiguration {
        var configuration = StoreConfiguration(database: database)
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
        return configuration
    }
}

/// Turns `/readyz` to 503 as soon as the node is told to stop. The group stops its services last first, so the
/// servers are asked before this one; calls on open connections see it all the same.
private struct StoppingNotice: Service {
    let readiness: NodeReadiness

    func run() async throws {
        try? await gracefulShutdown()
        readiness.stop()
    }
}
