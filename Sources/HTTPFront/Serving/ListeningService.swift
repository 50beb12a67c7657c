import NIOCore
import ServiceLifecycle

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
