import NIOCore
import NIOPosix

@testable import Benchmark

/// A service that does with each request, which has no body, what a test says.
final class FakeService: Sendable {
    enum Reaction: Sendable {
        case answer(code: String)
        /// Answers OK once the test lets it.
        case hold
        case hangUp
        /// Hangs up on everybody, and takes no connection any more.
        case die
    }

    let target: HTTPTarget
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let eventLoop: any EventLoop
    private let script: NIOLoopBoundBox<Script>

    /// - Parameter react: A closure that takes the number of earlier requests.
    init(_ react: @escaping @Sendable (Int) -> Reaction) throws {
        eventLoop = group.next()
        let script = NIOLoopBoundBox.makeBoxSendingValue(
            Script(react: react, eventLoop: eventLoop), eventLoop: eventLoop)
        self.script = script
        let listener = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    script.value.connections.append(channel)
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(script.value))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        target = HTTPTarget(host: "127.0.0.1", port: listener.localAddress?.port ?? 0)
        try eventLoop.submit { script.value.listener = listener }.wait()
    }

    deinit {
        group.shutdownGracefully { _ in }
    }

    /// Waits until so many requests have come, or the service has died.
    ///
    /// - Returns: When the first one came.
    @discardableResult
    func requests(_ count: Int) async throws -> NIODeadline {
        try await eventLoop.flatSubmit { [script] in script.value.expect(count) }.get()
    }

    /// Answers what is held.
    func release() async throws {
        try await eventLoop.submit { [script] in script.value.release() }.get()
    }
}

/// What the service has seen, on its event loop.
private final class Script {
    let react: @Sendable (Int) -> FakeService.Reaction
    let eventLoop: any EventLoop
    var listener: (any Channel)?
    var connections: [any Channel] = []
    private var held: [any Channel] = []
    private var count = 0
    private var firstAt = NIODeadline.distantFuture
    private var isDead = false
    private var awaited: (count: Int, promise: EventLoopPromise<NIODeadline>)?

    init(react: @escaping @Sendable (Int) -> FakeService.Reaction, eventLoop: any EventLoop) {
        self.react = react
        self.eventLoop = eventLoop
    }

    func request(on channel: any Channel) {
        firstAt = min(firstAt, .now())
        defer { notify() }
        count += 1
        switch react(count - 1) {
        case .answer(let code): answer(code, on: channel)
        case .hold: held.append(channel)
        case .hangUp: channel.close(promise: nil)
        case .die:
            isDead = true
            for channel in [listener].compactMap(\.self) + connections { channel.close(promise: nil) }
        }
    }

    func release() {
        for channel in held { answer("OK", on: channel) }
        held = []
    }

    func expect(_ count: Int) -> EventLoopFuture<NIODeadline> {
        let promise = eventLoop.makePromise(of: NIODeadline.self)
        awaited = (count, promise)
        notify()
        return promise.futureResult
    }

    private func notify() {
        guard let (wanted, promise) = awaited, count >= wanted || isDead else { return }
        awaited = nil
        promise.succeed(firstAt)
    }

    private func answer(_ code: String, on channel: any Channel) {
        let body = "{\"data\":{},\"status\":{\"code\":\"\(code)\",\"description\":\"\",\"message\":\"\"}}"
        let text = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let script: Script

    init(_ script: Script) {
        self.script = script
    }

    /// A load has one call under way on a connection, and its requests are short: each comes as one.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        script.request(on: context.channel)
    }
}
