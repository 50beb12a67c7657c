import Charges
import Synchronization
import Testing

@testable import Authentication

/// Tests of the turns that addresses take with their logins.
@Suite struct LoginTurnsTests {
    /// The addresses that had a turn, in order.
    private final class Order: Sendable {
        private let addresses = Mutex<[String]>([])

        func add(_ address: String) { addresses.withLock { $0.append(address) } }

        var all: [String] { addresses.withLock { $0 } }
    }

    /// Waits for a place, notes the turn, and leaves.
    ///
    /// - Returns: Whether there was a turn.
    private static func login(
        _ turns: LoginTurns, _ address: String, isRight: Bool = false, _ order: Order = Order(),
        deadline: ContinuousClock.Instant = .farAway, record: BoundRecord = BoundRecord()
    ) async -> Bool {
        do throws(RequestFailure) {
            try await turns.enter(address, deadline: deadline) { record.add(.total, address) }
        } catch {
            return false
        }
        order.add(address)
        turns.leave(address, isRight: isRight)
        return true
    }

    @Test("Another address takes the place of a flood's last login, and is the next")
    func anotherAddressIsTheNext() async throws {
        let (turns, order) = (LoginTurns(places: 1, maximumQueueLength: 10), Order())
        try await turns.enter("flood", deadline: .farAway)
        await withTaskGroup { group in
            for _ in 0..<30 { group.addTask { await Self.login(turns, "flood", order) } }
            // Ten wait, so that the others have their answers at once.
            for _ in 0..<20 { #expect(await group.next() == false) }
            group.addTask { await Self.login(turns, "other", order) }
            #expect(await group.next() == false)
            #expect(turns.waitingCount == 10)
            turns.leave("flood", isRight: false)
            for await hadTurn in group { #expect(hadTurn) }
        }
        #expect(order.all == ["other"] + Array(repeating: "flood", count: 9))
        #expect(turns.waitingCount == 0)
    }

    @Test("A turn with a right password does not count")
    func aRightPasswordCostsNoTurn() async throws {
        let (turns, order) = (LoginTurns(places: 1, maximumQueueLength: 12), Order())
        #expect(await Self.login(turns, "wrong"))
        #expect(await Self.login(turns, "right", isRight: true))
        try await turns.enter("flood", deadline: .farAway)
        await withTaskGroup { group in
            for _ in 0..<30 { group.addTask { await Self.login(turns, "flood", order) } }
            for _ in 0..<18 { #expect(await group.next() == false) }
            for address in ["wrong", "right"] {
                group.addTask { await Self.login(turns, address, order) }
                #expect(await group.next() == false)
            }
            turns.leave("flood", isRight: false)
            for await hadTurn in group { #expect(hadTurn) }
        }
        #expect(order.all.prefix(3) == ["right", "wrong", "flood"])
    }

    @Test("A full queue is reported, whoever is refused")
    func aFullQueueIsReported() async throws {
        let (turns, record) = (LoginTurns(places: 2, maximumQueueLength: 3), BoundRecord())
        for _ in 0..<2 { try await turns.enter("flood", deadline: .farAway) }
        await withTaskGroup { group in
            for _ in 0..<7 { group.addTask { await Self.login(turns, "flood", record: record) } }
            for _ in 0..<4 { #expect(await group.next() == false) }
            group.addTask { await Self.login(turns, "other", record: record) }
            #expect(await group.next() == false)
            for _ in 0..<2 { turns.leave("flood", isRight: false) }
            for await hadTurn in group { #expect(hadTurn) }
        }
        #expect(record.all.count == 5)
        #expect(record.all.last == "total other")
    }

    @Test("A login past its deadline has no turn, and takes no place in a full queue")
    func deadlines() async throws {
        let turns = LoginTurns(places: 1, maximumQueueLength: 1)
        try await turns.enter("first", deadline: .farAway)
        await withTaskGroup { group in
            group.addTask { await Self.login(turns, "late", deadline: .now - .seconds(1)) }
            group.addTask { await Self.login(turns, "late too", deadline: .now - .seconds(1)) }
            // The one that comes later finds the queue full, and the other one late.
            #expect(await group.next() == false)
            turns.leave("first", isRight: false)
            #expect(await group.next() == false)
            #expect(await Self.login(turns, "third"))
        }
    }
}
