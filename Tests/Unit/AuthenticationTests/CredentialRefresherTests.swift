import Charges
import Synchronization
import Testing

@testable import Authentication

/// Tests of the periodic read of keys and revocations, and of its snapshot.
@Suite struct CredentialRefresherTests {
    private struct Enough: Error {}

    /// Polls so often, and says how long it waited each time.
    private func poll(_ service: TokenFixture, times: Int) async -> [Duration] {
        let waits = Mutex<[Duration]>([])
        let polling = CredentialRefresher(keys: service.keys, revocations: service.tokenRevocations) { wait in
            service.clock.advance(by: wait)
            let count = waits.withLock { waits in
                waits.append(wait)
                return waits.count
            }
            if count == times { throw Enough() }
        }
        await polling.run()
        return waits.withLock { $0 }
    }

    @Test("The refresher reads several times a second, at varying intervals")
    func itReadsSeveralTimesASecondAtVaryingIntervals() async {
        let service = TokenFixture()
        let waits = await poll(service, times: 100)
        #expect(service.repositories.now.endReads == 100)
        #expect(service.repositories.now.keyReads == 100)
        #expect(waits.allSatisfy { (.milliseconds(200) ... .milliseconds(300)).contains($0) })
        #expect(Set(waits).count > 10)
    }

    @Test("The refresher continues after failures")
    func itGoesOnWhateverFails() async throws {
        let service = TokenFixture()
        let token = try await service.issue()
        service.repositories.change { $0.isDown = true }
        _ = await poll(service, times: 20)
        #expect(await service.verdict(token) == "SERVICE_UNAVAILABLE")
        service.repositories.change { $0.isDown = false }
        _ = await poll(service, times: 1)
        #expect(await service.verdict(token) == "OK")
    }

    @Test("Expired revocations are purged about every ten minutes")
    func expiredRevocationsArePurgedEveryTenMinutesOrSo() async {
        let service = TokenFixture()
        _ = await poll(service, times: 4800)
        #expect(service.repositories.now.forgettings == 2)
    }

    @Test("The refresher ends when its task is cancelled")
    func itEndsWithItsTask() async {
        let service = TokenFixture()
        let task = Task {
            await CredentialRefresher(keys: service.keys, revocations: service.tokenRevocations).run()
        }
        task.cancel()
        await task.value
    }

    /// Callers that arrive during a read wait for that read.
    @Test("Concurrent callers share one read")
    func manyCallersReadOnce() async {
        let service = TokenFixture()
        let gate = AsyncStream.makeStream(of: Void.self)
        let reads = Mutex(0)
        let reading = FreshSnapshot(clock: { service.clock.instant }) { _ throws(RequestFailure) in
            reads.withLock { $0 += 1 }
            for await _ in gate.stream { break }
        }
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { try? await reading.ensure() } }
            gate.continuation.yield()
        }
        #expect(reads.withLock { $0 } == 1)
    }

    /// The reads fail so often, after one that did not and a second without any.
    private func outcome(afterFailures failures: Int) async -> (failure: RequestFailure?, waited: Duration) {
        let clock = ManualClock()
        let reads = Mutex(0)
        let waited = Mutex(Duration.zero)
        let reading = FreshSnapshot(
            clock: { clock.instant },
            pause: { duration in
                clock.advance(by: duration)
                waited.withLock { $0 += duration }
            },
            read: { _ throws(RequestFailure) in
                let number = reads.withLock { reads in
                    reads += 1
                    return reads
                }
                guard number == 1 || number > failures + 1 else { throw .serviceUnavailable }
            })
        try? await reading.ensure()
        clock.advance(by: .seconds(1))
        do throws(RequestFailure) {
            try await reading.ensure()
            return (nil, waited.withLock { $0 })
        } catch {
            return (error, waited.withLock { $0 })
        }
    }

    @Test("A call waits for the next read until the last one is five seconds old")
    func aCallWaitsForTheNextRead() async {
        let short = await outcome(afterFailures: 20)
        #expect(short.failure == nil)
        #expect(short.waited == .seconds(2))
        let long = await outcome(afterFailures: 1000)
        #expect(long.failure == .serviceUnavailable)
        #expect(long.waited == .seconds(4))
    }

    /// A snapshot is as old as its request, not as its arrival.
    @Test("A read that took too long is too old")
    func aReadingThatTookTooLongIsTooOld() async {
        let service = TokenFixture()
        let reading = FreshSnapshot(clock: { service.clock.instant }) { _ throws(RequestFailure) in
            service.clock.advance(by: .seconds(1))
        }
        await #expect(throws: RequestFailure.serviceUnavailable) { try await reading.ensure() }
    }
}
