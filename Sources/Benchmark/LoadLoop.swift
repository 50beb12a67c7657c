import NIOCore
import NIOPosix

/// The one event loop of the loads.
package final class LoadLoop: Sendable {
    let group: MultiThreadedEventLoopGroup

    package init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    package func end() {
        try? group.syncShutdownGracefully()
    }
}
