package import Charges
package import Scheduling
import Synchronization

/// The turns of a node's transfers: downloads and uploads of files. One has its turn at a time; the others wait, in a
/// bounded queue in which the operators and the provider take turns. Any thread may use it.
package final class TransferTurns: Sendable {
    private struct Waiter: QueueElement {
        let identifier: UInt64
        let share: QueueShare
        let deadline: ContinuousClock.Instant
        let entry: CheckedContinuation<Result<TransferTurn, RequestFailure>, Never>
    }

    private struct State {
        var queue: FairQueue<Waiter>
        var lastIdentifier: UInt64 = 0
        /// The transfers that have their turn, with what cuts them, once they have said it.
        var running: [UInt64: (@Sendable () -> Void)?] = [:]
        var isCut = false
    }

    /// The limits of each transfer.
    package let limits: TransferLimits
    private let boundMet: @Sendable (CallerBound, QueueShare, String) -> Void
    private let timer = DeadlineTimer()
    private let state: Mutex<State>
    /// The most transfers that wait, of all operators and the provider.
    private static let maximumWaiting = 64
    /// The number of turns for which the last one of an operator is remembered.
    private static let rememberedTurns = 256

    /// - Parameters:
    ///   - maximumWaitingPerShare: The most waiting transfers of one operator, or of the provider.
    ///   - boundMet: Called with the bound that a transfer met, its share, and the address of its client.
    package init(
        limits: TransferLimits = TransferLimits(),
        maximumWaitingPerShare: Int = OperatorLimits.waitingTransfers,
        boundMet: @escaping @Sendable (CallerBound, QueueShare, String) -> Void = { _, _, _ in }
    ) {
        self.limits = limits
        self.boundMet = boundMet
        state = Mutex(
            State(
                queue: FairQueue(
                    maximumCount: Self.maximumWaiting, maximumCountPerShare: maximumWaitingPerShare,
                    rememberedTurns: Self.rememberedTurns)))
    }

    /// Turns of their own, whose bounds are reported as those of these are.
    func apart(limits: TransferLimits) -> TransferTurns {
        TransferTurns(limits: limits, boundMet: boundMet)
    }

    /// The number of transfers that wait.
    package var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Waits for a turn.
    ///
    /// - Parameters:
    ///   - share: The operator, or the provider.
    ///   - address: The client's address, for the report of a bound.
    /// - Returns: The turn, which ends when it is left or released.
    /// - Throws: `rateLimited` if as many of the share wait as may, `serviceUnavailable` if that many wait in all, the
    ///   turn does not come by the deadline, or the node stops.
    func turn(
        of share: QueueShare, address: String, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> TransferTurn {
        let result = await withCheckedContinuation { entry in
            enter(share, address: address, deadline: deadline, entry)
        }
        return try result.get()
    }

    private func enter(
        _ share: QueueShare, address: String, deadline: ContinuousClock.Instant,
        _ entry: CheckedContinuation<Result<TransferTurn, RequestFailure>, Never>
    ) {
        let (bound, next) = state.withLock { state -> (QueueBound?, Waiter?) in
            guard !state.isCut else { return (.total, nil) }
            state.lastIdentifier += 1
            let waiter = Waiter(
                identifier: state.lastIdentifier, share: share, deadline: deadline, entry: entry)
            if let bound = state.queue.append(waiter) { return (bound, nil) }
            return (nil, Self.next(&state))
        }
        switch bound {
        case .share:
            boundMet(.operatorTransfers, share, address)
            entry.resume(returning: .failure(.operatorBeyondTransfers))
        case .total:
            boundMet(.transfers, share, address)
            entry.resume(returning: .failure(.noTurnForTransfer))
        case nil:
            begin(next)
            // It finds nothing if the turn came in time.
            timer.watch(deadline) { [weak self] in self?.refuseLate() }
        }
    }

    /// The transfer that has its turn now, if one may.
    private static func next(_ state: inout State) -> Waiter? {
        guard state.running.isEmpty, let waiter = state.queue.popFirst() else { return nil }
        state.running[waiter.identifier] = .some(nil)
        return waiter
    }

    private func begin(_ waiter: Waiter?) {
        guard let waiter else { return }
        waiter.entry.resume(returning: .success(TransferTurn(waiter.identifier, of: self)))
    }

    private func refuseLate() {
        let late = state.withLock { $0.queue.removeExpired(now: .now) }
        for waiter in late { waiter.entry.resume(returning: .failure(.noTurnForTransfer)) }
    }

    fileprivate func left(_ identifier: UInt64) {
        let next = state.withLock { state -> Waiter? in
            guard state.running.removeValue(forKey: identifier) != nil else { return nil }
            return Self.next(&state)
        }
        begin(next)
    }

    fileprivate func setCut(_ identifier: UInt64, _ cut: @escaping @Sendable () -> Void) {
        let isCut = state.withLock { state in
            if state.running[identifier] != nil { state.running[identifier] = cut }
            return state.isCut
        }
        if isCut { cut() }
    }

    /// Cuts the transfers under way and refuses those that wait and those that come, for a node that stops.
    ///
    /// - Parameter delay: The time that transfers still have.
    package func cut(after delay: Duration) {
        guard delay > .zero else { return cut() }
        timer.watch(.now + delay) { [weak self] in self?.cut() }
    }

    private func cut() {
        let (waiting, cuts) = state.withLock { state in
            state.isCut = true
            return (state.queue.removeAll { _ in true }, state.running.values.compactMap { $0 })
        }
        for waiter in waiting { waiter.entry.resume(returning: .failure(.noTurnForTransfer)) }
        for cut in cuts { cut() }
    }
}

/// The turn of a transfer. It ends when it is left, or at the latest when nothing refers to it.
package final class TransferTurn: Sendable {
    private let identifier: UInt64
    private let turns: TransferTurns

    fileprivate init(_ identifier: UInt64, of turns: TransferTurns) {
        self.identifier = identifier
        self.turns = turns
    }

    deinit { leave() }

    var limits: TransferLimits { turns.limits }

    /// Leaves the turn to the next transfer. Leaving it twice is harmless.
    func leave() { turns.left(identifier) }

    /// Sets what cuts the transfer. It may be called at once, on any thread, and must not block.
    func onCut(_ cut: @escaping @Sendable () -> Void) { turns.setCut(identifier, cut) }
}

/// The limits of one transfer, in the place of a call's time.
package struct TransferLimits: Sendable {
    /// The bytes that must pass in each `pieceTime`.
    package var pieceBytes = 64 * 1024
    package var pieceTime = Duration.seconds(30)
    /// The most bytes of an upload.
    package var maximumBytes = ReconciliationFile.maximumBytes
    /// The time of the whole transfer.
    package var time = Duration.seconds(15 * 60)
    /// The time for which a transfer waits for its turn.
    package var turnTime = Duration.seconds(30)

    package init() {}
}

/// The end of a transfer, for the log and the metrics.
struct TransferEnd: Sendable {
    enum Result: String, CaseIterable, Sendable {
        case complete
        /// The client has closed the connection.
        case clientGone = "client_gone"
        /// The client was slower than it may be, or the transfer took too long.
        case tooSlow = "too_slow"
        /// The node stopped.
        case stopped
        /// The service failed.
        case failed
    }

    enum Direction: String, Sendable {
        case download, upload
    }

    let direction: Direction
    let result: Result
    /// The bytes of the file that were transferred.
    let bytes: Int
}
