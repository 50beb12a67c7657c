import Charges
import Testing

@testable import ChargeStore
@testable import Scheduling

/// Tests of the charges and references that stay out of batches because another session holds them, without a database
/// or a clock.
@Suite struct LockedKeysTests {
    private let start = ContinuousClock.now

    private func call(_ identifier: UInt64, of operatorIdentifier: Int64 = 1, _ items: DecisionItem...)
        -> QueuedCall
    {
        let call = DecisionCall(
            operatorIdentifier: OperatorIdentifier(operatorIdentifier), operatorCode: "ACME", username: "joe",
            action: .accept, items: items, deadline: start + .seconds(60))
        return QueuedCall(
            call, items: Array(items.indices),
            budget: DeadlineBudget(
                answerBy: call.deadline, keeping: .init(maximum: .zero, divisor: 1), now: start), clock: nil,
            identifier: identifier)
    }

    private func item(_ number: ExactText, reference: ExactText? = nil) -> DecisionItem {
        DecisionItem(number: number, billingSystemCustomerIdentifier: "C", referenceNumber: reference)
    }

    private func machine(_ change: (inout BatcherConfiguration) -> Void = { _ in }) -> BatcherStateMachine {
        var configuration = BatcherConfiguration()
        configuration.maximumBatchesUnderWay = 1
        change(&configuration)
        return BatcherStateMachine(configuration)
    }

    @Test("A locked charge stays out of batches for a second, and other items do not")
    func aLockedChargeStaysOutForASecond() {
        var machine = machine()
        let (locked, other) = (call(1, item("A")), call(2, item("B"), item("A"), item("C")))
        _ = machine.submit(locked, now: start)
        #expect(machine.lockedItems([0, 1, 2], of: other.call, now: start) == [])
        #expect(machine.ended([locked], locked: locked.keys, now: start) == [])
        let soon = start + .milliseconds(999)
        #expect(machine.lockedItems([0, 1, 2], of: other.call, now: soon) == [1])
        #expect(machine.lockedItems([0, 2], of: other.call, now: soon) == [])
        // Another operator's charge of the same number is another charge.
        #expect(machine.lockedItems([0], of: call(3, of: 2, item("A")).call, now: soon) == [])
        #expect(machine.submit(other, now: soon) == [.keepOut(other, locked: [1])])
        #expect(machine.lockedItems([0, 1, 2], of: other.call, now: start + .seconds(1)) == [])
        #expect(machine.submit(other, now: start + .seconds(1)) == [.run([other])])
    }

    @Test("A locked reference number stays out of batches, whichever charge wants it")
    func aLockedReferenceStaysOut() {
        var machine = machine()
        let locked = call(1, item("A", reference: "R"))
        #expect(machine.keepOut(locked.keys, now: start) == [])
        let other = call(2, item("B", reference: "R"), item("C", reference: "S"))
        #expect(machine.lockedItems([0, 1], of: other.call, now: start) == [0])
    }

    @Test("A key that is found locked again stays out for a further second")
    func theTimeBeginsAnew() {
        var machine = machine()
        let locked = call(1, item("A"))
        _ = machine.keepOut(locked.keys, now: start)
        _ = machine.keepOut(locked.keys, now: start + .milliseconds(900))
        #expect(machine.lockedItems([0], of: locked.call, now: start + .milliseconds(1899)) == [0])
        #expect(machine.lockedItems([0], of: locked.call, now: start + .milliseconds(1900)) == [])
    }

    @Test("Calls that wait with a locked key leave the queue, and the others are the next batch")
    func waitingCallsWithALockedKeyLeave() {
        var machine = machine()
        let first = call(1, item("A"))
        let (same, mixed, other) = (
            call(2, item("A")), call(3, item("B"), item("A")), call(4, of: 2, item("A"))
        )
        _ = machine.submit(first, now: start)
        for call in [same, mixed, other] { #expect(machine.submit(call, now: start) == []) }
        #expect(
            machine.ended([first], locked: first.keys, now: start) == [
                .keepOut(same, locked: [0]), .keepOut(mixed, locked: [1]), .run([other]),
            ])
        #expect(machine.waitingCount == 0)
    }

    @Test("Keys that are found locked outside of a batch leave the batch under way alone")
    func keysFoundOutsideOfABatchLeaveItAlone() {
        var machine = machine()
        let (first, second) = (call(1, item("A")), call(2, item("A")))
        _ = machine.submit(first, now: start)
        _ = machine.submit(second, now: start)
        #expect(machine.keepOut(first.keys, now: start) == [.keepOut(second, locked: [0])])
        #expect(machine.ended([first], now: start) == [])
        #expect(machine.submit(call(3, item("B")), now: start) == [.run([call(3, item("B"))])])
    }

    @Test("Of more locked keys than are kept, the oldest are forgotten, and that is reported")
    func theOldestKeysAreForgotten() {
        var machine = machine { $0.maximumLockedKeys = 2 }
        let calls = [call(1, item("A")), call(2, item("B")), call(3, item("C"))]
        for (index, call) in calls.enumerated() {
            let actions = machine.keepOut(call.keys, now: start + .milliseconds(index))
            #expect(actions == (index == 2 ? [.reportForgottenKeys(1)] : []))
        }
        let now = start + .milliseconds(3)
        let locked = calls.map { machine.lockedItems([0], of: $0.call, now: now) }
        #expect(locked == [[], [0], [0]])
    }

    @Test("Keys whose time is over make room, and are not reported")
    func keysWhoseTimeIsOverMakeRoom() {
        var keys = LockedKeys(time: .seconds(1), maximumCount: 2)
        let calls = [call(1, item("A")), call(2, item("B")), call(3, item("C"))]
        #expect(keys.insert(calls[0].keys, now: start) == 0)
        #expect(keys.insert(calls[1].keys, now: start + .milliseconds(500)) == 0)
        #expect(keys.insert(calls[2].keys, now: start + .seconds(1)) == 0)
        #expect(keys.count == 2)
        #expect(keys.isEmpty(now: start + .milliseconds(1999)) == false)
        #expect(keys.isEmpty(now: start + .seconds(2)) == true)
        #expect(keys.count == 0)
    }
}
