import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

@testable import HTTPFront

/// The operators' server on a real socket.
struct SocketServerFixture: Sendable {
    let port: Int
    let front: TestServerFixture

    /// Serves while a body runs.
    static func serving(
        _ front: TestServerFixture = TestServerFixture(),
        configure: (inout HTTPConfiguration) -> Void = { _ in },
        _ body: @Sendable (SocketServerFixture) async throws -> Void
    ) async throws {
        var configuration = HTTPConfiguration.patient
        configuration.port = 0
        configure(&configuration)
        let (ports, listening) = AsyncStream<Int>.makeStream()
        let log = front.log
        let logger = Logger(label: "test") { _ in log.handler() }
        let service = HTTPServer.operators(configuration, front.dependencies, logger: logger) {
            listening.yield($0)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service)],
                logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                do {
                    try await body(SocketServerFixture(port: port, front: front))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// One connection: sends texts, and reads.
    struct Connection: Sendable {
        fileprivate let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

        /// Closes the connection, with all that has come and was not read.
        func close() async throws { try await channel.channel.close() }

        /// Runs a body with what is sent and what comes back.
        func run<Value: Sendable>(
            _ body: @Sendable (inout Reader, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Value
        ) async throws -> Value {
            try await channel.executeThenClose { inbound, outbound in
                var reader = Reader(iterator: inbound.makeAsyncIterator())
                return try await body(&reader, outbound)
            }
        }
    }

    /// What comes back on a connection.
    struct Reader {
        fileprivate var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private(set) var text = ""

        fileprivate init(iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) {
            self.iterator = iterator
        }

        /// Reads until something has come, or the other side has closed.
        mutating func read(until marker: String) async throws {
            while !text.contains(marker), let buffer = try await iterator.next() {
                text += String(buffer: buffer)
            }
        }

        /// Reads until the other side has closed.
        mutating func readToEnd() async throws {
            while let buffer = try await iterator.next() { text += String(buffer: buffer) }
        }
    }

    func connect() async throws -> Connection {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return Connection(channel: channel)
    }

    /// Sends a text on a connection of its own, then that nothing follows if that is wanted, and reads all that
    /// comes back until the other side closes.
    func exchange(_ text: String, thenEnds: Bool = false) async throws -> String {
        try await connect().run { reader, outbound in
            try await outbound.write(ByteBuffer(string: text))
            if thenEnds { outbound.finish() }
            try await reader.readToEnd()
            return reader.text
        }
    }
}

extension HTTPConfiguration {
    /// Settings by which no limit of time is reached, however busy the machine is. A test of a limit sets that one.
    static var patient: HTTPConfiguration {
        var configuration = HTTPConfiguration()
        configuration.callTimeoutMilliseconds = 3_600_000
        configuration.headerTimeoutMilliseconds = 3_600_000
        configuration.bodyTimeoutMilliseconds = 3_600_000
        configuration.idleTimeoutMilliseconds = 3_600_000
        return configuration
    }
}
