import NIOCore
import NIOPosix

/// A load's inside: which connections are idle, which calls are due, what has been answered. It lives on its event loop
/// alone. It is longer than other files, since whatever it is told may change all of these.
final class LoadState {
    private let target: HTTPTarget
    private let connectionCount: Int
    private let pace: LoadModel
    private let workload: any Workload
    private let eventLoop: any EventLoop

    private var idle: [LoadConnection] = []
    private var busyCount = 0
    /// Whether calls are made yet.
    private var hasBegun = false
    private var open: [ObjectIdentifier: LoadConnection] = [:]
    /// In open loop, once it has begun.
    private var schedule: OpenSchedule?
    private var timer: Scheduled<Void>?
    private var endedAt: NIODeadline?
    private var window: (start: NIODeadline, end: NIODeadline?)?
    private var result = LoadResult()
    private var finished: EventLoopPromise<LoadResult>?

    init(
        target: HTTPTarget, connections: Int, pace: LoadModel, workload: any Workload,
        eventLoop: any EventLoop
    ) {
        self.target = target
        connectionCount = connections
        self.pace = pace
        self.workload = workload
        self.eventLoop = eventLoop
    }

    // MARK: What the load is told

    /// Opens the connections, and begins when all are there.
    func start() -> EventLoopFuture<Void> {
        let opened = (0..<connectionCount).map { _ in connect() }
        let all = EventLoopFuture.andAllSucceed(opened, on: eventLoop)
        all.assumeIsolated().whenSuccess { [self] in
            hasBegun = true
            if case .open(let callsPerSecond) = pace {
                schedule = OpenSchedule(callsPerSecond: callsPerSecond, from: .now())
            }
            pump()
        }
        return all
    }

    func beginWindow() {
        window = (.now(), nil)
    }

    func endWindow() {
        window?.end = .now()
    }

    func finish(patience: Duration) -> EventLoopFuture<LoadResult> {
        endedAt = .now()
        result.isDisconnected = open.isEmpty
        let promise = eventLoop.makePromise(of: LoadResult.self)
        finished = promise
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(patience)) { [self] in giveUp() }
        // Calls that were due by now are still made.
        pump()
        return promise.futureResult
    }

    // MARK: What connections tell

    func didAnswer(_ connection: LoadConnection, _ response: Response) {
        // Nothing of a refused call was applied, and later calls rely on its charges being decided: it is made again.
        let isMadeAgain = response.kind == .refused && endedAt == nil
        count { $0.add(response, to: connection.shape, isMadeAgain: isMadeAgain) }
        if isMadeAgain { return connection.sendAgain() }
        if response.kind == .answered { record(connection.due) }
        busyCount -= 1
        idle.append(connection)
        pump()
    }

    func didClose(_ connection: LoadConnection, _ reason: String) {
        open[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
        if connection.isWaiting {
            count { $0.addUnknown(reason, connection.shape) }
            busyCount -= 1
        }
        connectLater()
        pump()
    }

    // MARK: Parts

    private func connect() -> EventLoopFuture<Void> {
        let state = NIOLoopBound(self, eventLoop: eventLoop)
        return ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(LoadConnection(load: state.value))
                }
            }
            .connect(host: target.host, port: target.port).map { _ in }
    }

    /// Makes a lost connection anew, as often as it takes.
    private func connectLater() {
        guard endedAt == nil else { return }
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(.random(in: 50...150))) { [self] in
            guard endedAt == nil else { return }
            connect().assumeIsolated().whenFailure { [self] _ in connectLater() }
        }
    }

    /// A connection is there and can take a call.
    func didOpen(_ connection: LoadConnection) {
        if endedAt != nil { return connection.close() }
        open[ObjectIdentifier(connection)] = connection
        idle.append(connection)
        // The last one is told to be open after `start` knows of it.
        if hasBegun { pump() }
    }

    /// Makes the calls that are due, as far as there are connections.
    private func pump() {
        let now = min(NIODeadline.now(), endedAt ?? .distantFuture)
        switch pace {
        case .closed:
            while endedAt == nil, let connection = idle.popLast() { send(on: connection, due: .now()) }
        case .open:
            while !idle.isEmpty, let due = schedule?.take(dueBy: now) {
                send(on: idle.removeLast(), due: due)
            }
            setTimer(now)
        }
        let isNothingDue = schedule.map { $0.next > now } ?? true
        if endedAt != nil, busyCount == 0, isNothingDue || open.isEmpty { end() }
    }

    /// For the next call of an open loop. Where no connection is free the next answer goes on.
    private func setTimer(_ now: NIODeadline) {
        guard let next = schedule?.next, next > now, timer == nil, endedAt == nil else { return }
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: next) { [self] in
            timer = nil
            pump()
        }
    }

    private func send(on connection: LoadConnection, due: NIODeadline) {
        busyCount += 1
        connection.due = due
        connection.send(workload)
    }

    private func isMeasured(_ moment: NIODeadline) -> Bool {
        guard let window else { return false }
        return moment >= window.start && moment < (window.end ?? .distantFuture)
    }

    /// What is answered counts when it is, or a rate would be told as it was asked for.
    private func count(_ body: (inout ResultCounts) -> Void) {
        body(&result.whole)
        if isMeasured(.now()) { body(&result.window) }
    }

    /// A call is over. In open loop its latency belongs to the time at which it was due, or those that waited until after
    /// the window would be left out.
    private func record(_ due: NIODeadline) {
        let now = NIODeadline.now()
        guard isMeasured(pace == .closed ? now : due) else { return }
        result.latencies.record(nanoseconds: (now - due).nanoseconds)
    }

    /// What has no answer yet gets none any more, and counts as long as it has waited.
    private func giveUp() {
        leaveUnsent()
        for connection in open.values {
            if connection.isWaiting, let window, connection.due < window.end ?? .distantFuture {
                result.latencies.record(nanoseconds: (NIODeadline.now() - connection.due).nanoseconds)
            }
            connection.close()
        }
    }

    private func leaveUnsent() {
        while let endedAt, let due = schedule?.take(dueBy: endedAt) {
            result.unsentCalls += 1
            record(due)
        }
    }

    private func end() {
        guard let promise = finished else { return }
        finished = nil
        leaveUnsent()
        timer?.cancel()
        for connection in open.values { connection.close() }
        promise.succeed(result)
    }
}
