import Charges
import Scheduling
import Synchronization
import Testing

@testable import HTTPFront

/// Tests of the turns of transfers.
@Suite struct TransferTurnsTests {
    private func turn(_ turns: TransferTurns, _ share: QueueShare = .provider) async throws -> TransferTurn {
        try await turns.turn(of: share, address: "192.0.2.1", deadline: .now + .seconds(3600))
    }

    /// Begins to wait, and returns when the transfer waits.
    private func waiting(_ turns: TransferTurns, _ share: QueueShare) async -> Task<TransferTurn, any Error> {
        let before = turns.waitingCount
        let task = Task.immediate { try await turn(turns, share) }
        #expect(turns.waitingCount == before + 1)
        return task
    }

    @Test("One transfer has its turn; the next one begins when it is left, once")
    func oneAtATime() async throws {
        let turns = TransferTurns()
        let first = try await turn(turns)
        let second = await waiting(turns, .operator(1))
        let third = await waiting(turns, .operator(1))
        first.leave()
        first.leave()
        let begun = try await second.value
        #expect(turns.waitingCount == 1)
        begun.leave()
        _ = try await third.value
    }

    @Test("A turn that nothing refers to is left")
    func aForgottenTurn() async throws {
        let turns = TransferTurns()
        do { _ = try await turn(turns) }
        _ = try await turn(turns)
    }

    @Test("Operators take turns, however many transfers one of them has waiting")
    func operatorsTakeTurns() async throws {
        let turns = TransferTurns()
        var current = try await turn(turns, .operator(1))
        let flood = [await waiting(turns, .operator(1)), await waiting(turns, .operator(1))]
        let other = await waiting(turns, .operator(2))
        current.leave()
        current = try await other.value
        #expect(turns.waitingCount == 2)
        current.leave()
        for task in flood { try await task.value.leave() }
    }

    @Test("A transfer beyond an operator's bound is refused at once, and reported")
    func theBoundOfAnOperator() async throws {
        let met = Mutex<[CallerBound]>([])
        let turns = TransferTurns(maximumWaitingPerShare: 1) { bound, _, _ in
            met.withLock { $0.append(bound) }
        }
        let first = try await turn(turns, .operator(1))
        let waits = await waiting(turns, .operator(1))
        await #expect(throws: RequestFailure.operatorBeyondTransfers) { try await turn(turns, .operator(1)) }
        let other = await waiting(turns, .operator(2))
        #expect(met.withLock { $0 } == [.operatorTransfers])
        first.leave()
        // The turn is the other operator's.
        try await other.value.leave()
        try await waits.value.leave()
    }

    @Test("A transfer whose turn does not come by its deadline is refused")
    func aLateTurn() async throws {
        let turns = TransferTurns()
        let first = try await turn(turns)
        await #expect(throws: RequestFailure.noTurnForTransfer) {
            try await turns.turn(of: .provider, address: "", deadline: .now)
        }
        #expect(turns.waitingCount == 0)
        first.leave()
        _ = try await turn(turns)
    }

    @Test("A node that stops cuts the transfer under way, and refuses the others")
    func aCut() async throws {
        let turns = TransferTurns()
        let (cuts, cut) = AsyncStream<Int>.makeStream()
        let first = try await turn(turns)
        first.onCut { cut.yield(1) }
        let waits = await waiting(turns, .operator(1))
        turns.cut(after: .zero)
        await #expect(throws: RequestFailure.noTurnForTransfer) { try await waits.value }
        await #expect(throws: RequestFailure.noTurnForTransfer) { try await turn(turns) }
        // One that says too late how to cut it is cut at once.
        first.onCut { cut.yield(2) }
        cut.finish()
        var seen: [Int] = []
        for await number in cuts { seen.append(number) }
        #expect(seen == [1, 2])
    }
}
