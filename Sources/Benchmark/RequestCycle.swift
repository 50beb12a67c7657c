package import NIOCore
import Synchronization

/// The same requests again and again, in order.
package final class RequestCycle: Workload {
    private let requests: [ByteBuffer]
    private let shape: RequestShape
    private let count = Mutex(0)

    /// - Parameter shape: Of each of them.
    package init(_ requests: [String], shape: RequestShape) {
        precondition(!requests.isEmpty)
        self.requests = requests.map { ByteBuffer(string: $0) }
        self.shape = shape
    }

    package func write(to buffer: inout ByteBuffer) -> RequestShape {
        let turn = count.withLock { count in
            defer { count += 1 }
            return count % requests.count
        }
        buffer.writeImmutableBuffer(requests[turn])
        return shape
    }
}
