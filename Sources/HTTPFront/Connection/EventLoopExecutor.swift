import NIOCore

/// The executor of a connection's task. Its jobs run on the connection's event loop, so that a request and its response
/// go from no thread to another: waking a thread costs more than most of what a call does.
///
/// Whatever runs here keeps the other connections of the event loop waiting, so it must be brief, and never block.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
