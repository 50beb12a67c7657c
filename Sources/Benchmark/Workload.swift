package import NIOCore

/// What a load sends. It is asked on the load's own event loop, so it must be quick.
package protocol Workload: Sendable {
    /// Writes the next request's bytes.
    func write(to buffer: inout ByteBuffer) -> RequestShape
}
