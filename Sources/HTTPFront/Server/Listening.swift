import Foundation
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A server whose error names the address on which it could not listen.
struct ListeningService<Server: Service>: Service {
    let server: Server
    let host: String
    let port: Int

    func run() async throws {
        do {
            try await server.run()
        } catch {
            throw ListeningFailure(error, host: host, port: port) ?? error
        }
    }
}

/// The error of a server that cannot listen on its address.
package struct ListeningFailure: Error, CustomStringConvertible {
    package let host: String
    package let port: Int
    /// The reason in a few words.
    package let reason: String

    /// The failure that an error of NIO means; `nil` if it is about something else.
    init?(_ error: any Error, host: String, port: Int) {
        self.host = host
        self.port = port
        switch error {
        case let error as IOError: reason = String(cString: strerror(error.errnoCode))
        case is SocketAddressError.UnknownHost: reason = "the host is unknown"
        default: return nil
        }
    }

    /// One line for a person.
    package var description: String { "cannot listen on \(host):\(port): \(reason)" }
}

extension HTTPServer {
    /// Checks that servers could listen on some ports now, by listening on all of them for a moment.
    ///
    /// - Parameter ports: The ports; 0 takes any free one.
    package static func checkListening(host: String, ports: [Int]) async throws(ListeningFailure) {
        var channels: [any Channel] = []
        var failure: ListeningFailure?
        for port in ports where failure == nil {
            do {
                let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                channels.append(try await bootstrap.bind(host: host, port: port).get())
            } catch {
                // The servers themselves meet any other error.
                failure = ListeningFailure(error, host: host, port: port)
            }
        }
        for channel in channels { try? await channel.close() }
        if let failure { throw failure }
    }
}
