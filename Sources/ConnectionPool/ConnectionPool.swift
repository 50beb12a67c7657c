import Synchronization

/// Connections, each on a thread of its own, lent one lease at a time.
///
/// A lease is the run of a body: it gets the connection on the connection's own thread, where it may block, and
/// must not let it escape. Everything is bounded: the connections, the leases that wait, those of one share, and
/// the wait of each, by its deadline. Connections that break are replaced, after a pause that grows while the
/// server cannot be reached, so a pool may start before its server and outlives it.
///
/// Any thread may call it. Nothing here blocks the caller.
public final class ConnectionPool<Connection: PooledConnection>: Sendable {
    private let configuration: PoolConfiguration
    private let name: String
    private let observer: (any PoolObserver)?
    private let open: @Sendable (ContinuousClock.Instant) throws -> Connection
    private let slots: [PoolSlot<Connection>]
    private let state: Mutex<State>
    private let deadlineTimer = Mutex<DeadlineTimer?>(nil)

    private struct State: ~Copyable {
        var machine: PoolStateMachine
        var jobs: [UInt64: PoolJob<Connection>] = [:]
        var nextIdentifier: UInt64 = 0
        var enders: [CheckedContinuation<Void, Never>] = []
        var isFinished = false
    }

    /// A pool that has not started.
    ///
    /// - Parameters:
    ///   - name: For the observer and the names of the threads.
    ///   - open: Opens a connection on the thread that will use it, or gives up at the deadline.
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

    /// Begins to connect. Returns at once, whether the server is there or not.
    public func start() {
        deadlineTimer.withLock { deadlineTimer in
            guard deadlineTimer == nil else { return }
            deadlineTimer = DeadlineTimer(name: "\(name)-time") { [weak self] in self?.tick() }
        }
        handle { $0.start(now: .now) }
    }

    /// Ends the pool: leases that wait are refused, those under way end as they like, connections are closed.
    ///
    /// - Parameter deadline: Returns then, even if leases are still under way.
    public func shutdown(deadline: ContinuousClock.Instant) async {
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.enders.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
            handle { $0.shutdown(now: .now, deadline: deadline) }
        }
    }

    /// How many connections and leases are in which state.
    public var statistics: PoolStatistics {
        state.withLock { $0.machine.statistics }
    }

    /// Runs a body with a connection, on the connection's thread.
    ///
    /// - Parameters:
    ///   - deadline: The body starts before it or never. How long it runs is its own affair.
    ///   - share: Whose share of the queue the lease counts against.
    /// - Returns: What the body returned.
    /// - Throws: `LeaseError.refused` if the body never ran, `failed` with what the body threw. If the task is
    ///   cancelled while it waits, the lease is refused; a body that runs is not interrupted.
    public func withConnection<Value: Sendable, Failure: Error>(
        deadline: ContinuousClock.Instant, share: Int64 = 0,
        _ body: @escaping @Sendable (Connection) throws(Failure) -> Value
    ) async throws(LeaseError<Failure>) -> Value {
        let identifier = state.withLock { state in
            state.nextIdentifier += 1
            return state.nextIdentifier
        }
        let waiter = Waiter(identifier: identifier, share: share, deadline: deadline)
        let result: Result<Value, LeaseError<Failure>> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(waiter, isCancelled: Task.isCancelled, body) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            handle { $0.cancel(identifier) }
        }
        return try result.get()
    }

    /// Runs a body with a connection, on the connection's thread, and tells the result there: for work that belongs to
    /// no task. Otherwise as `withConnection`.
    ///
    /// - Parameter completion: Told the result, once: on the connection's thread, when the connection is free again;
    ///   or on whatever thread a refusal comes from, perhaps before this returns. It must not block.
    public func execute<Value: Sendable, Failure: Error>(
        deadline: ContinuousClock.Instant, share: Int64 = 0,
        _ body: @escaping @Sendable (Connection) throws(Failure) -> Value,
        completion: @escaping @Sendable (Result<Value, LeaseError<Failure>>) -> Void
    ) {
        let identifier = state.withLock { state in
            state.nextIdentifier += 1
            return state.nextIdentifier
        }
        let waiter = Waiter(identifier: identifier, share: share, deadline: deadline)
        enqueue(waiter, isCancelled: false, body, completion: completion)
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
        state.withLock { $0.jobs[waiter.identifier] = job }
        handle { machine in
            isCancelled ? [.refuse(waiter, .cancelled)] : machine.acquire(waiter, now: .now)
        }
    }

    // MARK: Events and actions

    /// Tells the state machine of an event, and does what it says.
    private func handle(_ event: (inout PoolStateMachine) -> [PoolAction]) {
        let (actions, nextTick) = state.withLock { state in (event(&state.machine), state.machine.nextTick) }
        for action in actions { perform(action) }
        deadlineTimer.withLock { $0 }?.wake(at: nextTick)
    }

    private func tick() -> ContinuousClock.Instant? {
        handle { $0.tick(now: .now) }
        return state.withLock { $0.machine.nextTick }
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
            handle { $0.opened(slot: slot, now: .now) }
        } catch {
            observer?.openFailed(pool: name, error: error)
            handle { $0.openFailed(slot: slot, now: .now) }
        }
    }

    private func closeConnection(_ slot: Int, broken: Bool) {
        slots[slot].connection?.close()
        slots[slot].connection = nil
        observer?.closed(pool: name, broken: broken)
        handle { $0.closed(slot: slot, now: .now) }
    }

    private func run(_ waiter: Waiter, _ slot: Int) {
        guard let connection = slots[slot].connection, connection.isUsable else {
            return handle { $0.leaseNotRun(waiter, slot: slot) }
        }
        guard let job = takeJob(waiter) else {
            return handle { $0.leaseEnded(slot: slot, usable: true, now: .now) }
        }
        guard waiter.deadline > .now else {
            handle { $0.leaseEnded(slot: slot, usable: true, now: .now) }
            return job.refuse(.deadlinePassed)
        }
        let answer = job.run(connection)
        // The connection is given back first, so that whoever waits for the answer finds it free.
        handle { $0.leaseEnded(slot: slot, usable: connection.isUsable, now: .now) }
        answer()
    }

    private func finish() {
        let enders = state.withLock { state in
            state.isFinished = true
            defer { state.enders = [] }
            return state.enders
        }
        deadlineTimer.withLock { $0 }?.end()
        for ender in enders { ender.resume() }
    }
}
