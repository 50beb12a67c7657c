import NIOCore

/// What a request brings with it.
enum IncomingBody: Sendable {
    /// All of it has come with its header, as of most requests.
    case whole(ByteBuffer)
    /// It is on its way: pieces, as they come. An error says why no more follow.
    case pieces(AsyncThrowingStream<ByteBuffer, any Error>)
}
