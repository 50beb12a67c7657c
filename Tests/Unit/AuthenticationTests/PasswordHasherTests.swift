import Charges
import Testing

@testable import Authentication

/// Tests of the comparison of passwords: two at a time, with a short queue.
@Suite struct PasswordHasherTests {
    private typealias Answer = Result<Bool, RequestFailure>

    private func hasher(_ compare: FakeComparison, threads: Int = 2, queue: Int = 64) -> PasswordHasher {
        PasswordHasher(threadCount: threads, maximumQueueLength: queue) { compare($0, $1) }
    }

    private static func ask(
        _ hasher: PasswordHasher, _ password: String = "right",
        deadline: ContinuousClock.Instant = .farAway
    ) async -> Answer {
        do throws(RequestFailure) {
            return .success(try await hasher.matches(password, FakeComparison.hash, deadline: deadline))
        } catch {
            return .failure(error)
        }
    }

    @Test("At most two passwords are compared at once")
    func twoAreComparedAtOnceAndNoMore() async {
        let compare = FakeComparison()
        let hasher = PasswordHasher { compare($0, $1) }
        let answers = await withTaskGroup { group in
            for _ in 0..<40 { group.addTask { await Self.ask(hasher) } }
            await compare.entered(2)
            compare.open()
            return await group.reduce(into: [Answer]()) { $0.append($1) }
        }
        #expect(answers == Array(repeating: .success(true), count: 40))
        #expect(compare.now.most == 2)
        #expect(compare.now.passwords.count == 40)
        hasher.end()
    }

    @Test("A comparison beyond a full queue is refused at once")
    func whoComesToAFullQueueIsRefusedAtOnce() async {
        let compare = FakeComparison()
        let hasher = hasher(compare, queue: 3)
        await withTaskGroup { group in
            for _ in 0..<2 { group.addTask { await Self.ask(hasher) } }
            await compare.entered(2)
            for _ in 0..<8 { group.addTask { await Self.ask(hasher) } }
            // No comparison passes the gate, so the first answers are those of the five that exceed the queue.
            for _ in 0..<5 { #expect(await group.next() == .failure(.serviceUnavailable)) }
            compare.open()
            for _ in 0..<5 { #expect(await group.next() == .success(true)) }
        }
        #expect(compare.now.passwords.count == 5)
        hasher.end()
    }

    @Test("A place in the queue is free again after each comparison")
    func aPlaceThatIsFreeAgainIsGiven() async {
        let compare = FakeComparison(isOpen: true)
        let hasher = hasher(compare, threads: 1, queue: 1)
        for _ in 0..<20 { #expect(await Self.ask(hasher) == .success(true)) }
        hasher.end()
    }

    @Test("Concurrent callers get the answers to their own passwords")
    func eachGetsItsOwnAnswer() async {
        let compare = FakeComparison(isOpen: true)
        let hasher = hasher(compare, queue: 200)
        await withTaskGroup { group in
            for index in 0..<200 {
                let password = index % 3 == 0 ? "right" : "wrong \(index)"
                group.addTask { await (index % 3 == 0, Self.ask(hasher, password)) }
            }
            for await (isRight, answer) in group { #expect(answer == .success(isRight)) }
        }
        hasher.end()
    }

    @Test("A comparison past its deadline is refused")
    func whoseDeadlineHasPassedIsNotCompared() async {
        let compare = FakeComparison(isOpen: true)
        let hasher = hasher(compare)
        #expect(await Self.ask(hasher, deadline: .now - .seconds(1)) == .failure(.serviceUnavailable))
        #expect(compare.now.passwords == [])
        #expect(await Self.ask(hasher) == .success(true))
        hasher.end()
    }

    @Test("At the end waiting comparisons are refused, and those under way are answered")
    func atTheEndWhoWaitsIsRefusedAndWhoIsComparedIsAnswered() async {
        let compare = FakeComparison()
        let hasher = hasher(compare, threads: 1)
        await withTaskGroup { group in
            group.addTask { await Self.ask(hasher) }
            await compare.entered(1)
            for _ in 0..<10 { group.addTask { await Self.ask(hasher) } }
            hasher.end()
            for _ in 0..<10 { #expect(await group.next() == .failure(.serviceUnavailable)) }
            compare.open()
            #expect(await group.next() == .success(true))
        }
        #expect(await Self.ask(hasher) == .failure(.serviceUnavailable))
        #expect(compare.now.passwords.count == 1)
    }

    @Test("A real hash matches its password and no other")
    func realPasswordsAreComparedWithRealHashes() async throws {
        let hasher = PasswordHasher()
        let hash = PasswordHash(password: "correct horse")
        #expect(try await hasher.matches("correct horse", hash, deadline: .farAway))
        #expect(try await !hasher.matches("battery staple", hash, deadline: .farAway))
        hasher.end()
    }
}
