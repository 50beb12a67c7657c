import Scheduling

/// The state machine that decides which lease has which connection, which leases wait, and what comes next: a value
/// without threads, connections or a clock.
///
/// Each method takes an event and the time, and returns the actions to perform. It is one file, though a long one,
/// because every event must leave the same invariants: a slot does one thing at a time, and no lease waits while a
/// connection is free.
struct PoolStateMachine: Sendable {
    /// The state of a slot's thread.
    private enum Slot: Equatable, Sendable {
        case empty
        case opening
        case idle(since: ContinuousClock.Instant, openedAt: ContinuousClock.Instant)
        case leased(openedAt: ContinuousClock.Instant)
        case closing
        case stopped
    }

    private let configuration: PoolConfiguration
    private var slots: [Slot]
    private var queue: FairQueue<Waiter>
    private var isStarted = false
    private var isShutDown = false
    private var shutdownDeadline: ContinuousClock.Instant?
    private var isFinished = false
    /// The number of attempts to connect that failed since the last that succeeded.
    private var failures = 0
    /// The moment before which no attempt is made.
    private var retryAt: ContinuousClock.Instant?
    private var generator: any RandomNumberGenerator & Sendable

    init(
        _ configuration: PoolConfiguration,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.configuration = configuration
        queue = FairQueue(
            maximumCount: configuration.maximumWaiters,
            maximumCountPerShare: configuration.maximumWaitersPerShare)
        self.generator = generator
        slots = Array(repeating: .empty, count: max(1, configuration.maximumConnections))
    }

    var statistics: PoolStatistics {
        var statistics = PoolStatistics()
        for slot in slots {
            switch slot {
            case .idle: statistics.idle += 1
            case .leased: statistics.leased += 1
            case .opening: statistics.opening += 1
            case .empty, .closing, .stopped: break
            }
        }
        statistics.waiting = queue.count
        return statistics
    }

    /// The number of leases that wait, of one kind of work.
    func waitingCount(_ kind: QueueShare.Kind) -> Int { queue.count { $0.share.kind == kind } }

    /// The latest moment at which `tick` must be called; `nil` while there is nothing to wait for.
    var nextTick: ContinuousClock.Instant? {
        var next = queue.earliestDeadline
        func consider(_ instant: ContinuousClock.Instant?) {
            guard let instant else { return }
            next = min(next ?? instant, instant)
        }
        if !isShutDown {
            consider(retryAt)
            for case .idle(let since, let openedAt) in slots {
                consider(since + .seconds(configuration.idleTimeoutSeconds))
                consider(openedAt + .seconds(configuration.maximumAgeSeconds))
            }
        } else if !isFinished {
            consider(shutdownDeadline)
        }
        return next
    }

    // MARK: Leases

    mutating func acquire(_ waiter: Waiter, now: ContinuousClock.Instant) -> [PoolAction] {
        if isShutDown { return [.refuse(waiter, .shutDown)] }
        if waiter.deadline <= now { return [.refuse(waiter, .deadlinePassed)] }
        if queue.count == 0, let slot = freshestIdleSlot() { return [lease(slot, to: waiter)] }
        switch queue.append(waiter) {
        case .share: return [.refuse(waiter, .shareExceeded)]
        case .total: return [.refuse(waiter, .queueFull)]
        case nil: return openWhatIsNeeded(now)
        }
    }

    mutating func cancel(_ identifier: UInt64) -> [PoolAction] {
        queue.removeAll { $0.identifier == identifier }.map { .refuse($0, .cancelled) }
    }

    /// Handles the end of a lease's body.
    mutating func leaseEnded(slot: Int, usable: Bool, now: ContinuousClock.Instant) -> [PoolAction] {
        guard case .leased(let openedAt) = slots[slot] else { return [] }
        guard usable else { return close(slot, broken: true) }
        if isShutDown || age(openedAt, now) >= configuration.maximumAgeSeconds {
            return close(slot, broken: false)
        }
        slots[slot] = .idle(since: now, openedAt: openedAt)
        return serve(slot, now)
    }

    /// Handles a connection that turned out to be unusable before the body could run: the lease waits for another one.
    mutating func leaseNotRun(_ waiter: Waiter, slot: Int) -> [PoolAction] {
        var actions = close(slot, broken: true)
        if isShutDown {
            actions.append(.refuse(waiter, .shutDown))
        } else {
            queue.putBack(waiter)
        }
        return actions
    }

    // MARK: Connections

    mutating func start(now: ContinuousClock.Instant) -> [PoolAction] {
        guard !isStarted, !isShutDown else { return [] }
        isStarted = true
        return openWhatIsNeeded(now)
    }

    mutating func opened(slot: Int, now: ContinuousClock.Instant) -> [PoolAction] {
        guard slots[slot] == .opening else { return [] }
        failures = 0
        retryAt = nil
        // Connections that opened together are to reach their maximum age at different times.
        let head = Int.random(in: 0...max(0, configuration.maximumAgeSeconds / 10), using: &generator)
        slots[slot] = .idle(since: now, openedAt: now - .seconds(head))
        if isShutDown { return close(slot, broken: false) }
        return serve(slot, now) + openWhatIsNeeded(now)
    }

    mutating func openFailed(slot: Int, now: ContinuousClock.Instant) -> [PoolAction] {
        guard slots[slot] == .opening else { return [] }
        slots[slot] = .empty
        if isShutDown { return stopEmptySlots() }
        let bound = min(
            configuration.longestBackOffMilliseconds,
            configuration.firstBackOffMilliseconds << min(failures, 16))
        failures += 1
        retryAt = now + .milliseconds(Int.random(in: 1...max(1, bound), using: &generator))
        return []
    }

    mutating func closed(slot: Int, now: ContinuousClock.Instant) -> [PoolAction] {
        guard slots[slot] == .closing else { return [] }
        slots[slot] = .empty
        return isShutDown ? stopEmptySlots() : openWhatIsNeeded(now)
    }

    // MARK: Time and the end

    mutating func tick(now: ContinuousClock.Instant) -> [PoolAction] {
        var actions: [PoolAction] = queue.removeExpired(now: now).map { .refuse($0, .deadlinePassed) }
        if isShutDown {
            guard !isFinished, let shutdownDeadline, shutdownDeadline <= now else { return actions }
            isFinished = true
            return actions + [.finished]
        }
        if let retryAt, retryAt <= now {
            self.retryAt = nil
            actions += openWhatIsNeeded(now)
        }
        var open = slots.count { $0 != .empty && $0 != .closing && $0 != .opening }
        for (index, slot) in slots.enumerated() {
            guard case .idle(let since, let openedAt) = slot else { continue }
            let isSurplus = open > configuration.minimumConnections && since + idleTimeout <= now
            guard isSurplus || age(openedAt, now) >= configuration.maximumAgeSeconds else {
                // A connection that is kept is not checked again until it could be surplus.
                if since + idleTimeout <= now { slots[index] = .idle(since: now, openedAt: openedAt) }
                continue
            }
            open -= 1
            actions += close(index, broken: false)
        }
        return actions
    }

    /// Begins the end: lets the leases under way end, and refuses all others.
    mutating func shutdown(now: ContinuousClock.Instant, deadline: ContinuousClock.Instant) -> [PoolAction] {
        guard !isShutDown else { return isFinished ? [.finished] : [] }
        isShutDown = true
        shutdownDeadline = deadline
        var actions: [PoolAction] = queue.removeAll { _ in true }.map { .refuse($0, .shutDown) }
        for (index, slot) in slots.enumerated() {
            if case .idle = slot { actions += close(index, broken: false) }
        }
        return actions + stopEmptySlots()
    }

    // MARK: Parts

    private var idleTimeout: Duration { .seconds(configuration.idleTimeoutSeconds) }

    private func age(_ openedAt: ContinuousClock.Instant, _ now: ContinuousClock.Instant) -> Int {
        Int((now - openedAt).components.seconds)
    }

    /// The idle connection that was used last, so that the others may become idle enough to be closed.
    private func freshestIdleSlot() -> Int? {
        var best: (index: Int, since: ContinuousClock.Instant)?
        for (index, slot) in slots.enumerated() {
            guard case .idle(let since, _) = slot, best.map({ $0.since < since }) ?? true else { continue }
            best = (index, since)
        }
        return best?.index
    }

    private mutating func lease(_ slot: Int, to waiter: Waiter) -> PoolAction {
        if case .idle(_, let openedAt) = slots[slot] { slots[slot] = .leased(openedAt: openedAt) }
        return .run(waiter, slot: slot)
    }

    /// Gives a free connection to the next lease that waits.
    private mutating func serve(_ slot: Int, _ now: ContinuousClock.Instant) -> [PoolAction] {
        var actions: [PoolAction] = []
        while let waiter = queue.popFirst() {
            guard waiter.deadline > now else {
                actions.append(.refuse(waiter, .deadlinePassed))
                continue
            }
            return actions + [lease(slot, to: waiter)]
        }
        return actions
    }

    /// Opens as many connections as there are leases waiting, and as many as the minimum asks for. After a failed
    /// attempt it opens one at a time, so that many slots do not hammer a database that is down.
    private mutating func openWhatIsNeeded(_ now: ContinuousClock.Instant) -> [PoolAction] {
        guard isStarted, !isShutDown, retryAt == nil else { return [] }
        let opening = slots.count { $0 == .opening }
        let open = slots.count {
            if case .idle = $0 { true } else if case .leased = $0 { true } else { false }
        }
        var wanted = max(queue.count - opening, configuration.minimumConnections - open - opening)
        if failures > 0 { wanted = min(wanted, 1 - opening) }
        var actions: [PoolAction] = []
        for (index, slot) in slots.enumerated() where wanted > 0 && slot == .empty {
            slots[index] = .opening
            actions.append(.open(slot: index))
            wanted -= 1
        }
        return actions
    }

    private mutating func close(_ slot: Int, broken: Bool) -> [PoolAction] {
        slots[slot] = .closing
        return [.close(slot: slot, broken: broken)]
    }

    private mutating func stopEmptySlots() -> [PoolAction] {
        var actions: [PoolAction] = []
        for (index, slot) in slots.enumerated() where slot == .empty {
            slots[index] = .stopped
            actions.append(.stop(slot: index))
        }
        if !isFinished, slots.allSatisfy({ $0 == .stopped }) {
            isFinished = true
            actions.append(.finished)
        }
        return actions
    }
}

/// A lease that waits.
struct Waiter: QueueElement, Equatable {
    let identifier: UInt64
    let share: QueueShare
    let deadline: ContinuousClock.Instant
}

/// An action that the state machine asks the pool to perform.
enum PoolAction: Equatable, Sendable {
    /// Open a connection on this slot's thread, in the time that an attempt may take.
    case open(slot: Int)
    /// Close the connection of this slot on its thread.
    case close(slot: Int, broken: Bool)
    /// Run a lease's body on this slot's thread.
    case run(Waiter, slot: Int)
    /// Refuse a lease.
    case refuse(Waiter, PoolRefusal)
    /// End this slot's thread.
    case stop(slot: Int)
    /// The pool has ended: resume the callers of `shutdown`.
    case finished
}
