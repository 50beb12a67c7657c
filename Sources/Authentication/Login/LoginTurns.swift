import Charges
import Scheduling
import Synchronization

/// The turns of logins with a password. A few at once look their user up and compare its password; the others wait, in a
/// bounded queue, before they cost the database or the processor anything.
///
/// The addresses take turns, and the one whose last turn is the longest ago is the next; a turn with a right password
/// does not count. So a login from an address that seldom comes, or comes with right passwords, waits for about one hash,
/// however many wrong ones come from elsewhere. When the queue is full, the address that has the most waiting loses its
/// last one.
final class LoginTurns: Sendable {
    private struct Waiter: QueueElement {
        let identifier: UInt64
        let share: String
        let deadline: ContinuousClock.Instant
        /// Resumed with whether the login has a place.
        let entry: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var queue: FairQueue<Waiter>
        var freePlaces: Int
        var lastIdentifier: UInt64 = 0

        /// Gives a free place to the login whose turn it is.
        mutating func next() -> Waiter? {
            guard freePlaces > 0, let waiter = queue.popFirst() else { return nil }
            freePlaces -= 1
            return waiter
        }
    }

    /// The number of turns for which an address's last one is remembered.
    private static let rememberedTurns = 2048

    private let state: Mutex<State>

    /// - Parameters:
    ///   - places: The number of logins at once: two whose passwords are compared, and two that read their users
    ///     meanwhile.
    ///   - maximumQueueLength: The maximum number of waiting logins.
    init(places: Int = 4, maximumQueueLength: Int = 256) {
        state = Mutex(
            State(
                queue: FairQueue(
                    maximumCount: maximumQueueLength, maximumCountPerShare: maximumQueueLength,
                    rememberedTurns: Self.rememberedTurns),
                freePlaces: places))
    }

    /// The number of logins that wait.
    var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Waits for a place. The caller that gets one must leave it.
    ///
    /// - Parameters:
    ///   - address: The address of the client.
    ///   - queueIsFull: Called if the queue is full, whether this login or another one is refused.
    /// - Throws: `RequestFailure.serviceUnavailable` if the queue is full, or the deadline passes before the turn.
    func enter(
        _ address: String, deadline: ContinuousClock.Instant, queueIsFull: () -> Void = {}
    ) async throws(RequestFailure) {
        let hasPlace = await withCheckedContinuation { entry in
            let (next, refused, isFull) = state.withLock { state -> (Waiter?, [Waiter], Bool) in
                state.lastIdentifier += 1
                let waiter = Waiter(
                    identifier: state.lastIdentifier, share: address, deadline: deadline, entry: entry)
                guard state.queue.append(waiter) != nil else { return (state.next(), [], false) }
                var refused = state.queue.removeExpired(now: .now)
                if refused.isEmpty, let displaced = state.queue.makeRoom(for: address) {
                    refused.append(displaced)
                }
                if state.queue.append(waiter) != nil { refused.append(waiter) }
                return (nil, refused, true)
            }
            next?.entry.resume(returning: true)
            for waiter in refused { waiter.entry.resume(returning: false) }
            if isFull { queueIsFull() }
        }
        guard hasPlace else { throw .serviceUnavailable }
    }

    /// Leaves a place.
    ///
    /// - Parameter isRight: Whether the password was right.
    func leave(_ address: String, isRight: Bool) {
        let (next, late) = state.withLock { state in
            state.freePlaces += 1
            if isRight { state.queue.forgetTurn(of: address) }
            let late = state.queue.removeExpired(now: .now)
            return (state.next(), late)
        }
        next?.entry.resume(returning: true)
        for waiter in late { waiter.entry.resume(returning: false) }
    }
}
