import HummingbirdCore
package import Logging
import Measurements
import NIOCore
import NIOPosix
package import ServiceLifecycle

/// The HTTP servers of a node. Event loops parse and write; nothing blocks them.
package enum Front {
    /// The operators' side.
    ///
    /// - Parameter onListening: Told the port, once there is one.
    /// - Returns: A service that listens while it runs, and lets calls under way end when it is asked to stop.
    package static func operators(
        _ configuration: FrontConfiguration, _ dependencies: FrontDependencies, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        make(
            .operators(dependencies), configuration, dependencies, logger: logger,
            onListening: onListening)
    }

    /// The internal side, which only machines of the house may reach.
    package static func internals(
        _ configuration: FrontConfiguration, _ dependencies: FrontDependencies,
        _ provider: ProviderDependencies, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        make(
            .internals(dependencies, provider), configuration, dependencies, logger: logger,
            onListening: onListening)
    }

    private static func make(
        _ routes: Routes, _ configuration: FrontConfiguration, _ dependencies: FrontDependencies,
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void
    ) -> some Service {
        var quiet = logger
        // Hummingbird's own words of its start and its connections; ours say it in one line.
        quiet.logLevel = max(logger.logLevel, .warning)
        let server = Server(
            childChannelSetup: FrontChannel(
                configuration: configuration,
                responder: FrontResponder(
                    routes: routes, configuration: configuration, tokens: dependencies.tokens,
                    logger: logger, measurements: dependencies.measurements),
                refusal: MalformedRequest(logger: logger, measurements: dependencies.measurements)),
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.maximumConnections, logger: quiet)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
        return ListeningService(server: server, host: configuration.host, port: configuration.port)
    }
}
