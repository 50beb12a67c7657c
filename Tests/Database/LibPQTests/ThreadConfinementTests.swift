import Dispatch
import Foundation
import LibPQ
import TestSupport
import Testing

/// Tests that a connection stays on the thread that opened it.
@Suite(.ownThread) struct ThreadConfinementTests {
    @Test("A statement on another thread stops the process", .database)
    func useOnAnotherThreadStopsTheProcess() async throws {
        let text = TestDatabase.current.ownerParameters.connectionString
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [text = text as String] in
            nonisolated(unsafe) let connection = try Connection(
                ConnectionParameters(parsing: text), deadline: .inGoodTime)
            onAnotherThread { try? connection.execute("SELECT 1", deadline: .inGoodTime) }
        }
        let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(output.contains("a connection is used off its own thread"))
    }

    @Test("A query of a connection's state on another thread stops the process", .database)
    func evenAskingAboutItOnAnotherThreadStopsTheProcess() async throws {
        let text = TestDatabase.current.ownerParameters.connectionString
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [text = text as String] in
            nonisolated(unsafe) let connection = try Connection(
                ConnectionParameters(parsing: text), deadline: .inGoodTime)
            onAnotherThread { _ = connection.isUsable }
        }
        let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(output.contains("a connection is used off its own thread"))
    }

    @Test("A connection may be released on any thread", .database)
    func itMayBeLetGoOfAnywhere() async throws {
        let text = TestDatabase.current.ownerParameters.connectionString
        await #expect(processExitsWith: .success) { [text = text as String] in
            nonisolated(unsafe) var connection: Connection? = try Connection(
                ConnectionParameters(parsing: text), deadline: .inGoodTime)
            precondition(connection?.isUsable == true)
            onAnotherThread { connection = nil }
        }
    }
}

/// Runs a body on a thread of its own and waits for it.
private func onAnotherThread(_ body: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
        body()
        done.signal()
    }
    done.wait()
}
