public import Scheduling
import Synchronization

/// A pool of connections, each on a thread of its own, which execute one lease at a time.
///
/// A lease is one run of a body. The body gets the connection on the connection's own thread, where it may block, and
/// must not let the connection escape. Everything is bounded: the connections, the leases that wait, the waiting leases
/// of one share, and each lease's wait, by its deadline. The pool replaces connections that break, after a pause that
/// grows while the server cannot be reached. So a pool may start before its server, and outlives it.
///
/// Any thread may call the pool. Nothing here blocks the caller.
public final class ConnectionPool<Connection: PooledConnection>: Sendable {
    private let configuration: PoolConfiguration
    private let name: String
    private let observer: (any PoolObserver)?
    private let open: @Sendable (ContinuousClock.Instant) throws -> Connection
    private let slots: [PoolSlot<Connection>]
    private let state: Mutex<State>
    private let lastIdentifier = Atomic<UInt64>(0)
    private let timer = DeadlineTimer()

    private struct State: ~Copyable {
        var machine: PoolStateMachine
        /// The deadline that the timer watches, at which the machine ticks.
        var tick: DeadlineTimer.Ticket?
        var jobs: [UInt64: PoolJob<Connection>] = [:]
        var enders: [CheckedContinuation<Void, Never>] = []
        var isFinished = false
    }

    /// Makes a pool that has not started.
    ///
    /// - Parameters:
    ///   - name: The pool's name for the observer, and the beginning of its threads' names.
    ///   - open: Opens a connection, on the thread that will use it, or throws at the deadline.
    public init(
        configuration: PoolConfiguration, name: String, observer: (any PoolObserver)? = nil,
        open: @escaping @Sendable (ContinuousClock.Instant) throws -> Connection
    ) {
        self.configuration = configuration
        self.name = name
        self.observer = observer
        self.open = open
        slots = (0..<max(1, configuration.maximumConnections)).map { PoolSlot(name: "\(name)-\($0)") }
        state = Mutex(State(machine: PoolStateMachine(configuration)))
    }

    /// Begins to connect. It returns at once, whether the server is there or not.
    public func start() {
        handle { $0.machine.start(now: .now) }
    }

    /// Ends the pool: it refuses the leases that wait, lets those under way end, and closes the connections.
    ///
    /// - Parameter deadline: The moment at which this returns at the latest, even if leases are still under way.
    public func shutdown(deadline: ContinuousClock.Instant) async {
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.enders.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
            handle { $0.machine.shutdown(now: .now, deadline: deadline) }
        }
    }

    /// The numbers of connections and leases in each state.
    public var statistics: PoolStatistics {
        state.withLock { $0.machine.statistics }
    }

    /// The number of leases that wait, of one kind of work.
    public func waitingCount(_ kind: QueueShare.Kind) -> Int {
        state.withLock { $0.machine.waitingCount(kind) }
    }

    /// The most connections at a time.
    public var maximumConnections: Int { slots.count }

    /// Executes a body on a connection's thread.
    ///
    /// - Parameters:
    ///   - deadline: The moment by which the body starts, or it never does. It does not bound the body's run.
    ///   - share: The share of the queue that the lease counts against.
    /// - Returns: What the body returned.
    /// - Throws: `LeaseError.refused` if the body never ran, `failed` with what the body threw. If the task is
    ///   cancelled while the lease waits, the lease is refused; a running body is not interrupted.
    public func withConnection<Value: Sendable, Failure: Error>(
        deadline: ContinuousClock.Instant, share: QueueShare = .common,
        _ body: @escaping @Sendable (Connection) throws(Failure) -> Value
    ) async throws(LeaseError<Failure>) -> Value {
        let waiter = waiter(share, deadline)
        let result: Result<Value, LeaseError<Failure>> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(waiter, isCancelled: Task.isCancelled, body) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            handle { $0.machine.cancel(waiter.identifier) }
        }
        return try result.get()
    }

    /// Executes a body on a connection's thread, as `withConnection` does, for work that belongs to no task.
    ///
    /// - Parameter completion: A callback that takes the result, once. It runs on the connection's thread when the
    ///   connection is free again; or, for a refusal, on whatever thread that comes from, perhaps before this returns.
    ///   It must not block.
    public func execute<Value: Sendable, Failure: Error>(
        deadline: ContinuousClock.Instant, share: QueueShare = .common,
        _ body: @escaping @Sendable (Connection) throws(Failure) -> Value,
        completion: @escaping @Sendable (Result<Value, LeaseError<Failure>>) -> Void
    ) {
        enqueue(waiter(share, deadline), isCancelled: false, body, completion: completion)
    }

    private func waiter(_ share: QueueShare, _ deadline: ContinuousClock.Instant) -> Waiter {
        let identifier = lastIdentifier.wrappingAdd(1, ordering: .relaxed).newValue
        return Waiter(identifier: identifier, share: share, deadline: deadline)
    }

    private func enqueue<Value: Sendable, Failure: Error>(
        _ waiter: Waiter, isCancelled: Bool,
        _ body: @escaping @Sendable (Connection) throws(Failure) -> Value,
        completion: @escaping @Sendable (Result<Value, LeaseError<Failure>>) -> Void
    ) {
        let job = PoolJob<Connection>(
            run: { [name, observer] connection in
                let result: Result<Value, LeaseError<Failure>>
                do throws(Failure) {
                    result = .success(try body(connection))
                } catch {
                    observer?.leaseFailed(pool: name, error: error)
                    result = .failure(.failed(error))
                }
                return { completion(result) }
            },
            refuse: { completion(.failure(.refused($0))) })
        handle { state in
            state.jobs[waiter.identifier] = job
            return isCancelled ? [.refuse(waiter, .cancelled)] : state.machine.acquire(waiter, now: .now)
        }
    }

    // MARK: Events and actions

    /// Passes an event to the state machine, under the lock, and performs the actions that it returns.
    private func handle(_ event: (inout State) -> [PoolAction]) {
        let actions = state.withLock { state in
            let actions = event(&state)
            watchNextTick(&state)
            return actions
        }
        for action in actions { perform(action) }
    }

    private func watchNextTick(_ state: inout State) {
        guard let next = state.machine.nextTick, state.tick.map({ next < $0.deadline }) ?? true else {
            return
        }
        if let later = state.tick { timer.forget(later) }
        state.tick = timer.watch(next) { [weak self] in self?.tick() }
    }

    private func tick() {
        state.withLock { $0.tick = nil }
        handle { $0.machine.tick(now: .now) }
    }

    private func perform(_ action: PoolAction) {
        switch action {
        case .open(let slot): slots[slot].perform { [self] in openConnection(slot) }
        case .close(let slot, let broken):
            slots[slot].perform { [self] in closeConnection(slot, broken: broken) }
        case .run(let waiter, let slot): slots[slot].perform { [self] in run(waiter, slot) }
        case .refuse(let waiter, let refusal): takeJob(waiter)?.refuse(refusal)
        case .stop(let slot): slots[slot].end()
        case .finished: finish()
        }
    }

    private func takeJob(_ waiter: Waiter) -> PoolJob<Connection>? {
        state.withLock { $0.jobs.removeValue(forKey: waiter.identifier) }
    }

    private func openConnection(_ slot: Int) {
        do {
            let deadline = ContinuousClock.now + .milliseconds(configuration.connectTimeoutMilliseconds)
            slots[slot].connection = try open(deadline)
            observer?.opened(pool: name)
            handle { $0.machine.opened(slot: slot, now: .now) }
        } catch {
            observer?.openFailed(pool: name, error: error)
            handle { $0.machine.openFailed(slot: slot, now: .now) }
        }
    }

    private func closeConnection(_ slot: Int, broken: Bool) {
        slots[slot].connection?.close()
        slots[slot].connection = nil
        observer?.closed(pool: name, broken: broken)
        handle { $0.machine.closed(slot: slot, now: .now) }
    }

    private func run(_ waiter: Waiter, _ slot: Int) {
        guard let connection = slots[slot].connection, connection.isUsable else {
            return handle { $0.machine.leaseNotRun(waiter, slot: slot) }
        }
        guard let job = takeJob(waiter) else {
            return handle { $0.machine.leaseEnded(slot: slot, usable: true, now: .now) }
        }
        guard waiter.deadline > .now else {
            handle { $0.machine.leaseEnded(slot: slot, usable: true, now: .now) }
            return job.refuse(.deadlinePassed)
        }
        let answer = job.run(connection)
        // The connection is released first, so that the caller finds it free when it gets the result.
        handle { $0.machine.leaseEnded(slot: slot, usable: connection.isUsable, now: .now) }
        answer()
    }

    private func finish() {
        let enders = state.withLock { state in
            state.isFinished = true
            defer { state.enders = [] }
            return state.enders
        }
        for ender in enders { ender.resume() }
    }
}
