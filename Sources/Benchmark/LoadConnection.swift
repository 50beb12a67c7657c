import NIOCore

/// One connection of a load, with at most one call under way.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let load: LoadState
    private var context: ChannelHandlerContext?
    private var reader = ResponseReader()
    private var request = ByteBuffer()
    /// Whether an answer is awaited.
    private(set) var isWaiting = false
    private(set) var shape = RequestShape(items: 0)
    /// When the call that is under way was to begin.
    var due = NIODeadline.now()
    private var closeReason = "connection closed"

    init(load: LoadState) {
        self.load = load
    }

    func send(_ workload: any Workload) {
        request.clear()
        shape = workload.write(to: &request)
        sendAgain()
    }

    /// Sends what was sent last.
    func sendAgain() {
        isWaiting = true
        context?.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func close() {
        context?.close(promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        load.didOpen(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.append(unwrapInboundIn(data))
        do throws(ResponseReader.Failure) {
            while isWaiting, let response = try reader.next() {
                isWaiting = false
                load.didAnswer(self, response)
            }
        } catch {
            closeReason = error.reason
            close()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        load.didClose(self, closeReason)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
