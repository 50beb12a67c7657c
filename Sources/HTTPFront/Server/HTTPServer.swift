import Foundation
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
package import ServiceLifecycle
import Telemetry

/// The HTTP servers of a node. Event loops parse and write; nothing blocks them.
package enum HTTPServer {
    /// The operators' side.
    ///
    /// - Parameter onListening: Told the port, once there is one.
    /// - Returns: A service that listens while it runs, and lets calls under way end when it is asked to stop.
    package static func operators(
        _ configuration: HTTPConfiguration, _ dependencies: HTTPDependencies, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        make(
            .operators(dependencies), configuration, dependencies, logger: logger,
            onListening: onListening)
    }

    /// The internal side, which only machines of the house may reach.
    package static func internalListener(
        _ configuration: HTTPConfiguration, _ dependencies: HTTPDependencies,
        _ provider: ProviderDependencies, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        make(
            .internalListener(dependencies, provider), configuration, dependencies, logger: logger,
            onListening: onListening)
    }

    private static func make(
        _ routes: Routes, _ configuration: HTTPConfiguration, _ dependencies: HTTPDependencies,
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void
    ) -> some Service {
        var quiet = logger
        // Hummingbird's own words of its start and its connections; ours say it in one line.
        quiet.logLevel = max(logger.logLevel, .warning)
        let server = Server(
            childChannelSetup: HTTPConnectionChannel(
                configuration: configuration,
                responder: RequestHandler(
                    routes: routes, configuration: configuration, tokens: dependencies.tokens,
                    logger: logger, metrics: dependencies.metrics),
                refusal: MalformedRequest(logger: logger, metrics: dependencies.metrics)),
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

/// A server that says on which address it could not listen.
struct ListeningService<Server: Service>: Service {
    let server: Server
    let host: String
    let port: Int

    func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError {
            throw ListeningFailure(host: host, port: port, errorNumber: error.errnoCode)
        } catch is SocketAddressError.UnknownHost {
            throw ListeningFailure(host: host, port: port, reason: "no machine of this name is known")
        }
    }
}

/// A server could not listen where it was told to.
package struct ListeningFailure: Error, CustomStringConvertible {
    package let host: String
    package let port: Int
    /// Why, in a few words.
    package let reason: String

    init(host: String, port: Int, reason: String) {
        self.host = host
        self.port = port
        self.reason = reason
    }

    /// - Parameter errorNumber: `errno` of the call that failed.
    init(host: String, port: Int, errorNumber: Int32) {
        self.init(host: host, port: port, reason: String(cString: strerror(errorNumber)))
    }

    /// One line for a person.
    package var description: String { "cannot listen on \(host):\(port): \(reason)" }
}
