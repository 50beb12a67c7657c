import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
package import ServiceLifecycle
import Telemetry

/// The HTTP servers of a node. Their event loops parse and write, and nothing blocks them.
package enum HTTPServer {
    /// The server of the operators' port.
    ///
    /// - Parameters:
    ///   - site: The pages for people.
    ///   - onListening: Called with the port, once the server listens.
    /// - Returns: A service that listens while it runs, and completes the running calls when it stops gracefully.
    package static func operators(
        _ configuration: HTTPConfiguration, _ dependencies: HTTPDependencies, site: (any Site)? = nil,
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        make(
            .operators(dependencies, site: site), side: "operators", configuration, dependencies,
            logger: logger,
            onListening: onListening)
    }

    /// The server of the internal port, which only internal networks may reach.
    package static func internalListener(
        _ configuration: HTTPConfiguration, _ dependencies: HTTPDependencies, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        make(
            .internalListener(dependencies), side: "internal", configuration, dependencies, logger: logger,
            onListening: onListening)
    }

    /// The server of the administration's port, which only the service's administrators may reach: pages, and health.
    package static func administration(
        _ configuration: HTTPConfiguration, _ dependencies: HTTPDependencies, site: any Site,
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        make(
            .administration(dependencies, site: site), side: "administration", configuration, dependencies,
            logger: logger, onListening: onListening)
    }

    private static func make(
        _ routes: Routes, side: String, _ configuration: HTTPConfiguration,
        _ dependencies: HTTPDependencies, logger: Logger, onListening: @escaping @Sendable (Int) async -> Void
    ) -> some Service {
        var quiet = logger
        // Hummingbird logs its start and its connections at the level info; this service logs them in one line.
        quiet.logLevel = max(logger.logLevel, .warning)
        let bound = ConnectionBound(maximum: configuration.maximumConnections)
        let connections = ConnectionShares(
            maximum: bound.shared, maximumPerAddress: configuration.maximumConnectionsPerAddress,
            trustedProxies: configuration.trustedProxies,
            levels: ConnectionLevels(dependencies.metrics, side: side, limit: bound.shared),
            bounds: BoundReport(
                side: side, [.connections, .addressConnections], logger: logger,
                metrics: dependencies.metrics))
        let server = Server(
            childChannelSetup: HTTPConnectionChannel(
                configuration: configuration,
                responder: RequestHandler(
                    routes: routes, configuration: configuration, authenticator: dependencies.authenticator,
                    logger: logger, metrics: dependencies.metrics),
                refusal: RefusedInput(logger: logger, metrics: dependencies.metrics),
                connections: connections, uploads: dependencies.transfers.limits),
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: bound),
            onServerRunning: { channel in
                // It fails only if the channel is closed already.
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(logger: logger), position: .first)
                }.get()
                await onListening(channel.localAddress?.port ?? configuration.port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
        return ListeningService(server: server, host: configuration.host, port: configuration.port)
    }
}
