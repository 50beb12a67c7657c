import Foundation
import NIOCore
import NIOPosix

/// The state of a load: the idle connections, the calls that are due, and the results. Only its event loop uses it.
///
/// This file is longer than others, since every event may change all of this state.
final class LoadState {
    private let target: HTTPTarget
    private let connectionCount: Int
    private let model: LoadModel
    private let workload: any Workload
    private let eventLoop: any EventLoop

    private var idle: [LoadConnection] = []
    private var busyCount = 0
    /// Whether the load has started to make calls.
    private var hasBegun = false
    private var open: [ObjectIdentifier: LoadConnection] = [:]
    /// The schedule of an open loop, once the load has started.
    private var schedule: OpenSchedule?
    private var timer: Scheduled<Void>?
    private var endedAt: NIODeadline?
    private var window: (start: NIODeadline, end: NIODeadline?)?
    private var result = LoadResult()
    /// The latencies since `takePart` was last called.
    private var part = Latencies()
    private var finished: EventLoopPromise<LoadResult>?

    init(
        target: HTTPTarget, connections: Int, model: LoadModel, workload: any Workload,
        eventLoop: any EventLoop
    ) {
        self.target = target
        connectionCount = connections
        self.model = model
        self.workload = workload
        self.eventLoop = eventLoop
    }

    // MARK: Control

    /// Opens the connections and starts the calls when all are open.
    func start() -> EventLoopFuture<Void> {
        let opened = (0..<connectionCount).map { _ in connect() }
        let all = EventLoopFuture.andAllSucceed(opened, on: eventLoop)
        all.assumeIsolated().whenSuccess { [self] in
            hasBegun = true
            if case .open(let callsPerSecond) = model {
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

    func takePart() -> Latencies {
        defer { part = Latencies() }
        return part
    }

    func finish(patience: Duration) -> EventLoopFuture<LoadResult> {
        endedAt = .now()
        result.isDisconnected = open.isEmpty
        let promise = eventLoop.makePromise(of: LoadResult.self)
        finished = promise
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(patience)) { [self] in giveUp() }
        // Calls that are already due are still made.
        pump()
        return promise.futureResult
    }

    // MARK: Events of connections

    func didAnswer(_ connection: LoadConnection, _ response: Response) {
        // A refused call was not applied. Later calls rely on its decisions, so it is made again.
        let isMadeAgain = response.kind == .refused && endedAt == nil
        count { $0.add(response, to: connection.expected, isMadeAgain: isMadeAgain) }
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
            count { $0.addUnknown(reason, connection.expected) }
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

    /// Replaces a lost connection. It retries until it succeeds.
    private func connectLater() {
        guard endedAt == nil else { return }
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(.random(in: 50...150))) { [self] in
            guard endedAt == nil else { return }
            connect().assumeIsolated().whenFailure { [self] _ in connectLater() }
        }
    }

    /// Handles a new connection that can take a call.
    func didOpen(_ connection: LoadConnection) {
        if endedAt != nil { return connection.close() }
        open[ObjectIdentifier(connection)] = connection
        idle.append(connection)
        // The last connection may report that it is open before `start` has finished.
        if hasBegun { pump() }
    }

    /// Makes the calls that are due, as long as a connection is idle.
    private func pump() {
        let now = min(NIODeadline.now(), endedAt ?? .distantFuture)
        switch model {
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

    /// Sets the timer for the next call of an open loop. If no connection is idle, the next response continues.
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

    /// Counts a result at the time of its response. Counting at the due time would report the requested rate.
    private func count(_ body: (inout ResultCounts) -> Void) {
        body(&result.whole)
        if isMeasured(.now()) { body(&result.window) }
    }

    /// Records the latency of a completed call. In open loop it belongs to the time at which the call was due.
    /// Otherwise calls that waited until after the window would be left out.
    private func record(_ due: NIODeadline) {
        let now = NIODeadline.now()
        guard isMeasured(model == .closed ? now : due) else { return }
        let nanoseconds = (now - due).nanoseconds
        result.latencies.record(nanoseconds: nanoseconds)
        part.record(nanoseconds: nanoseconds)
        let isSlow = Double(nanoseconds) >= SlowCall.milliseconds * 1_000_000
        guard isSlow, result.slowCalls.count < SlowCall.maximumCount else { return }
        let answered = Date().timeIntervalSince1970
        result.slowCalls.append(
            SlowCall(due: answered - Double(nanoseconds) / 1_000_000_000, answered: answered))
    }

    /// Abandons the calls without a response. Their latency is the time that they have waited.
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
