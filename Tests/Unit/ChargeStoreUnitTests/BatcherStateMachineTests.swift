import Charges
import Testing

@testable import ChargeStore
@testable import Scheduling

/// Tests of which calls are decided in one batch, and when, without a database, a thread or a clock.
@Suite struct BatcherStateMachineTests {
    private let start = ContinuousClock.now

    /// - Parameters:
    ///   - charges: The numbers of the call's first charges; by default one of its own.
    ///   - reference: The first charge's reference number.
    ///   - items: The number of charges, if that is more than those named.
    private func call(
        _ identifier: UInt64, of operatorIdentifier: Int64 = 1, charges: [ExactText]? = nil,
        reference: ExactText? = nil,
        items: Int = 1, acknowledges: Bool = false, seconds: Int = 10
    ) -> QueuedCall {
        var numbers = charges ?? [ExactText("N\(identifier)")]
        while numbers.count < items { numbers.append(ExactText("N\(identifier)-\(numbers.count)")) }
        let call = DecisionCall(
            operatorIdentifier: OperatorIdentifier(operatorIdentifier), operatorCode: "ACME", username: "joe",
            action: acknowledges ? .acknowledge : .accept,
            items: numbers.enumerated().map { index, number in
                DecisionItem(
                    number: number, billingSystemCustomerIdentifier: "C",
                    referenceNumber: index == 0 ? reference : nil)
            }, deadline: start + .seconds(seconds))
        return QueuedCall(
            call, items: Array(numbers.indices),
            budget: DeadlineBudget(
                answerBy: call.deadline, keeping: .init(maximum: .zero, divisor: 1), now: start), clock: nil,
            identifier: identifier)
    }

    private func machine(_ change: (inout BatcherConfiguration) -> Void = { _ in }) -> BatcherStateMachine {
        var configuration = BatcherConfiguration()
        configuration.maximumBatchesUnderWay = 1
        change(&configuration)
        return BatcherStateMachine(configuration)
    }

    @Test("A lone call starts a batch at once")
    func aLoneCallGoesAtOnce() {
        var machine = machine()
        #expect(machine.submit(call(1), now: start) == [.run([call(1)])])
        #expect(machine.ended([call(1)], now: start) == [])
    }

    @Test("Calls that arrive during a batch go into the next one together")
    func callsDuringABatchGoIntoTheNextOne() {
        var machine = machine()
        _ = machine.submit(call(1), now: start)
        #expect(machine.submit(call(2), now: start) == [])
        #expect(machine.submit(call(3), now: start) == [])
        #expect(machine.waitingCount == 2)
        #expect(machine.ended([call(1)], now: start) == [.run([call(2), call(3)])])
    }

    @Test("A second batch takes calls whose charges the first does not touch")
    func aSecondTransactionTakesWhatTheFirstDoesNotTouch() {
        var machine = machine {
            $0.maximumBatchesUnderWay = 2
            $0.largeItems = 1
        }
        let (first, same, other) = (call(1, charges: ["A"]), call(2, charges: ["A"]), call(3, of: 2))
        #expect(machine.submit(first, now: start) == [.run([first])])
        #expect(machine.submit(same, now: start) == [])
        #expect(machine.submit(other, now: start) == [.run([other])])
        #expect(machine.ended([other], now: start) == [])
        #expect(machine.ended([first], now: start) == [.run([same])])
    }

    @Test("A second batch starts only with enough items")
    func aSecondTransactionBeginsWhenItIsWorthOne() {
        var machine = machine {
            $0.maximumBatchesUnderWay = 2
            $0.largeItems = 50
        }
        _ = machine.submit(call(1), now: start)
        let (few, one, more) = (call(2, items: 49), call(3), call(4))
        #expect(machine.submit(few, now: start) == [])
        #expect(machine.submit(one, now: start) == [.run([few, one])])
        #expect(machine.submit(more, now: start) == [])
        // The rest begins when the last batch has ended, however little it is.
        #expect(machine.ended([few, one], now: start) == [])
        #expect(machine.ended([call(1)], now: start) == [.run([more])])
    }

    @Test("One operator's flood leaves a batch free for other operators")
    func aFloodSparesTheOthers() {
        var machine = machine {
            $0.maximumBatchesUnderWay = 2
            $0.largeItems = 50
        }
        let flood = (1...3).map { call($0, of: 1, items: 50) }
        #expect(machine.submit(flood[0], now: start) == [.run([flood[0]])])
        #expect(machine.submit(flood[1], now: start) == [.run([flood[1]])])
        #expect(machine.submit(flood[2], now: start) == [])
        let (other, third) = (call(4, of: 2), call(5, of: 3))
        #expect(machine.submit(other, now: start) == [.run([other])])
        // Calls are decided in one batch here as well, one batch at a time.
        #expect(machine.submit(third, now: start) == [])
        #expect(machine.ended([other], now: start) == [.run([third])])
        #expect(machine.ended([flood[0]], now: start) == [])
        #expect(machine.ended([third], now: start) == [.run([flood[2]])])
    }

    @Test("A batch contains no charge and no reference number more than once")
    func noChargeAndNoReferenceIsTwiceInABatch() {
        var machine = machine()
        _ = machine.submit(call(1), now: start)
        let (one, charge) = (call(2, of: 2, charges: ["A"]), call(3, of: 2, charges: ["B", "A"]))
        let (reference, again) = (
            call(4, of: 3, charges: ["C"], reference: "R"), call(5, of: 3, charges: ["D"], reference: "R")
        )
        // Another operator's charge of the same number is another charge.
        let stranger = call(6, of: 4, charges: ["A"], reference: "R")
        for call in [one, charge, reference, again, stranger] { _ = machine.submit(call, now: start) }
        let batch = [one, reference, stranger]
        #expect(machine.ended([call(1)], now: start) == [.run(batch)])
        #expect(machine.ended(batch, now: start) == [.run([charge, again])])
    }

    @Test("Acknowledgements are batched apart from accepts and declines")
    func acknowledgementsGoWithTheirLike() {
        var machine = machine()
        _ = machine.submit(call(1), now: start)
        let (accepting, acknowledging) = (call(2, of: 2), call(3, of: 3, acknowledges: true))
        let declining = call(4, of: 4)
        for call in [accepting, acknowledging, declining] { _ = machine.submit(call, now: start) }
        #expect(machine.ended([call(1)], now: start) == [.run([accepting, declining])])
        #expect(machine.ended([accepting, declining], now: start) == [.run([acknowledging])])
    }

    @Test("An operator that has been calling alone for five seconds gets larger batches")
    func anOperatorThatHasLongCalledAloneGetsLargerBatches() {
        var machine = machine {
            $0.maximumItems = 5
            $0.maximumItemsBesideOthers = 2
        }
        let calls = (1...12).map { call($0, of: 1) }
        let soon = start + .milliseconds(4999)
        _ = machine.submit(calls[0], now: start)
        for call in calls[1...] { _ = machine.submit(call, now: start) }
        let (few, many) = (Array(calls[1...2]), Array(calls[3...7]))
        #expect(machine.ended([calls[0]], now: soon) == [.run(few)])
        #expect(machine.ended(few, now: start + .seconds(5)) == [.run(many)])
        // As soon as another operator calls, the time alone is over; it begins anew with the operator's next call.
        let other = call(20, of: 2)
        _ = machine.submit(other, now: start + .seconds(6))
        let shared = [calls[8], other]
        #expect(machine.ended(many, now: start + .seconds(6)) == [.run(shared)])
        let last = call(21, of: 1, seconds: 60)
        _ = machine.submit(last, now: start + .seconds(7))
        #expect(machine.ended(shared, now: start + .seconds(8)) == [.run(Array(calls[9...10]))])
    }

    @Test("The item limit beside other operators never exceeds the limit of a lone operator")
    func theBoundBesideOthersIsNeverAboveTheOneAlone() {
        var machine = machine {
            $0.maximumItems = 1
            $0.maximumItemsBesideOthers = 2
        }
        let calls = (1...3).map { call($0) }
        for call in calls { _ = machine.submit(call, now: start) }
        #expect(machine.ended([calls[0]], now: start) == [.run([calls[1]])])
    }

    @Test("Operators take turns within a batch")
    func operatorsTakeTurns() {
        var machine = machine { $0.maximumItems = 3 }
        _ = machine.submit(call(1), now: start)
        let flood = (2...9).map { call($0, of: 1) }
        let other = call(20, of: 2)
        for call in flood + [other] { _ = machine.submit(call, now: start) }
        #expect(machine.ended([call(1)], now: start) == [.run([flood[0], other, flood[1]])])
    }

    @Test("A batch ends at its item limit, and a single larger call is a batch of its own")
    func aBatchHasSoManyChargesButOneCallIsNeverTooMany() {
        var machine = machine { $0.maximumItems = 100 }
        _ = machine.submit(call(1), now: start)
        let calls = [call(2, items: 60), call(3, items: 40), call(4, items: 1), call(5, items: 200)]
        for call in calls { _ = machine.submit(call, now: start) }
        #expect(machine.ended([call(1)], now: start) == [.run(Array(calls[..<2]))])
        #expect(machine.ended(Array(calls[..<2]), now: start) == [.run([calls[2]])])
        #expect(machine.ended([calls[2]], now: start) == [.run([calls[3]])])
    }

    @Test("Each call is a batch of its own when batching is off")
    func withoutBatchingEachCallGoesAlone() {
        var machine = machine {
            $0.maximumCalls = 1
            $0.maximumBatchesUnderWay = 2
            $0.largeItems = 0
            $0.sparesOne = false
        }
        let calls = (1...4).map { call($0) }
        #expect(machine.submit(calls[0], now: start) == [.run([calls[0]])])
        #expect(machine.submit(calls[1], now: start) == [.run([calls[1]])])
        for call in calls[2...] { #expect(machine.submit(call, now: start) == []) }
        #expect(machine.ended([calls[0]], now: start) == [.run([calls[2]])])
    }

    @Test("An operator beyond its share is refused, and other operators still queue")
    func beyondItsShareAnOperatorIsRefusedAndTheOthersAreNot() {
        var machine = machine {
            $0.maximumWaitingPerOperator = 2
            $0.maximumWaiting = 3
        }
        _ = machine.submit(call(1), now: start)
        for identifier in 2...3 { #expect(machine.submit(call(UInt64(identifier)), now: start) == []) }
        #expect(machine.submit(call(4), now: start) == [.refuse(call(4), .shareExceeded)])
        #expect(machine.submit(call(5, of: 2), now: start) == [])
        #expect(machine.submit(call(6, of: 3), now: start) == [.refuse(call(6, of: 3), .queueFull)])
    }

    @Test("A call past its deadline is refused, on arrival or while it waits")
    func whatCannotBeginInTimeIsRefused() {
        var machine = machine()
        #expect(
            machine.submit(call(1, seconds: 0), now: start) == [
                .refuse(call(1, seconds: 0), .deadlinePassed)
            ])
        _ = machine.submit(call(2), now: start)
        let (soon, late) = (call(3, of: 2, seconds: 1), call(4, of: 3, seconds: 5))
        _ = machine.submit(late, now: start)
        _ = machine.submit(soon, now: start)
        #expect(machine.earliestDeadline == start + .seconds(1))
        #expect(machine.expire(now: start) == [])
        #expect(machine.expire(now: start + .seconds(1)) == [.refuse(soon, .deadlinePassed)])
        // A call whose deadline has come is refused when its turn comes.
        #expect(machine.ended([call(2)], now: start + .seconds(5)) == [.refuse(late, .deadlinePassed)])
        #expect(machine.waitingCount == 0)
    }

    @Test("A batch that ends unlocks all its charges and reference numbers")
    func aBatchThatEndsReleasesAllItsKeys() {
        var machine = machine {
            $0.maximumBatchesUnderWay = 2
            $0.largeItems = 1
        }
        let first = call(1, charges: ["A", "B"], reference: "R")
        let next = [call(2, charges: ["A"]), call(3, of: 2), call(4, of: 2, charges: ["Z"])]
        _ = machine.submit(first, now: start)
        for call in next { _ = machine.submit(call, now: start) }
        #expect(machine.ended([first], now: start) == [.run([next[0], next[2]])])
    }
}
