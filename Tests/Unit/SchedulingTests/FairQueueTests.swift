import Testing

@testable import Scheduling

/// Tests of a fair queue's turns, bounds and deadlines.
@Suite struct FairQueueTests {
    private static let start = ContinuousClock.now

    private struct Element: QueueElement, Equatable {
        let identifier: UInt64
        var share = 1
        var deadline = FairQueueTests.start + .seconds(10)
        var weight = 1
    }

    private func queue(_ elements: [Element] = []) -> FairQueue<Element> {
        var queue = FairQueue<Element>(maximumCount: 100, maximumCountPerShare: 100)
        for element in elements { _ = queue.append(element) }
        return queue
    }

    private func drain(_ queue: inout FairQueue<Element>) -> [UInt64] {
        var order: [UInt64] = []
        while let element = queue.popFirst() { order.append(element.identifier) }
        return order
    }

    private func after(_ time: Duration) -> ContinuousClock.Instant { Self.start + time }

    @Test("The shares take turns, and each share's elements keep their order")
    func turns() {
        var queue = queue((1...4).map { Element(identifier: $0) } + [Element(identifier: 5, share: 2)])
        #expect(drain(&queue) == [1, 5, 2, 3, 4])
        #expect(queue.count == 0)
        #expect(queue.earliestDeadline == nil)
    }

    @Test("A bound keeps an element out, the share's own before the one in all")
    func bounds() {
        var queue = FairQueue<Element>(maximumCount: 3, maximumCountPerShare: 2)
        #expect(queue.append(Element(identifier: 1)) == nil)
        #expect(queue.append(Element(identifier: 2)) == nil)
        #expect(queue.append(Element(identifier: 3)) == .share)
        #expect(queue.append(Element(identifier: 4, share: 2)) == nil)
        #expect(queue.append(Element(identifier: 5, share: 3)) == .total)
        #expect(queue.append(Element(identifier: 6)) == .share)
        #expect(queue.count == 3)
    }

    @Test("A share comes back where its last turn belongs, and one without a turn is the next")
    func rememberedTurns() {
        var queue = FairQueue<Element>(maximumCount: 100, maximumCountPerShare: 100, rememberedTurns: 10)
        for identifier in 1...9 as ClosedRange<UInt64> {
            _ = queue.append(Element(identifier: identifier, share: Int(identifier) % 3))
        }
        #expect((1...3).map { _ in queue.popFirst()?.identifier } == [1, 2, 3])
        _ = queue.append(Element(identifier: 10, share: 7))
        _ = queue.append(Element(identifier: 11, share: 8))
        #expect((1...3).map { _ in queue.popFirst()?.identifier } == [10, 11, 4])
        // The shares 2, 0, 7, 8 and 1 have had their turns in this order.
        _ = queue.append(Element(identifier: 12, share: 8))
        _ = queue.append(Element(identifier: 13, share: 7))
        #expect(drain(&queue) == [5, 6, 13, 12, 7, 8, 9])
    }

    @Test("A share whose turn is forgotten is the next, though it had the last one")
    func forgettingATurn() {
        var queue = FairQueue<Element>(maximumCount: 100, maximumCountPerShare: 100, rememberedTurns: 10)
        for identifier in 1...4 as ClosedRange<UInt64> {
            _ = queue.append(Element(identifier: identifier, share: Int(identifier) % 2))
        }
        _ = queue.append(Element(identifier: 5, share: 7))
        #expect((1...3).map { _ in queue.popFirst()?.identifier } == [1, 2, 5])
        queue.forgetTurn(of: 7)
        _ = queue.append(Element(identifier: 6, share: 7))
        #expect(drain(&queue) == [6, 3, 4])
    }

    @Test("Old turns are forgotten, so that any number of shares may come")
    func forgottenTurns() {
        var queue = FairQueue<Element>(maximumCount: 100, maximumCountPerShare: 100, rememberedTurns: 10)
        for share in 1...1000 {
            _ = queue.append(Element(identifier: UInt64(share), share: share))
            _ = queue.popFirst()
            #expect(queue.lastTurns.count <= 20)
        }
        // The last ten are remembered.
        _ = queue.append(Element(identifier: 1, share: 991))
        _ = queue.append(Element(identifier: 2, share: 1))
        #expect(drain(&queue) == [2, 1])
    }

    @Test("A full queue makes room at the cost of the share that has most")
    func makingRoom() {
        var queue = queue((1...3).map { Element(identifier: $0) } + [Element(identifier: 4, share: 2)])
        #expect(queue.makeRoom(for: 3)?.identifier == 3)
        #expect(queue.count == 3)
        #expect(queue.weight == 3)
        // Each would have two then, so that nothing is gained.
        #expect(queue.makeRoom(for: 2) == nil)
        #expect(queue.makeRoom(for: 1) == nil)
        #expect(queue.makeRoom(for: 3)?.identifier == 2)
        #expect(queue.makeRoom(for: 3) == nil)
        #expect(drain(&queue) == [1, 4])
    }

    @Test("An element that is put back is the next, whatever the bounds")
    func puttingBack() {
        var queue = FairQueue<Element>(maximumCount: 2, maximumCountPerShare: 2)
        _ = queue.append(Element(identifier: 1))
        _ = queue.append(Element(identifier: 2, share: 2))
        let first = queue.popFirst()
        _ = queue.append(Element(identifier: 3, share: 3))
        if let first { queue.putBack(first) }
        #expect(queue.count == 3)
        #expect(drain(&queue) == [1, 2, 3])
    }

    @Test("A share that is passed over keeps its turn, and one that stops the choice too")
    func choosing() {
        var queue = queue([
            Element(identifier: 1, share: 1), Element(identifier: 2, share: 2, weight: 5),
            Element(identifier: 3, share: 3), Element(identifier: 4, share: 4),
        ])
        let taken = queue.take { element in
            switch element.share {
            case 1: .passOver
            case 4: .stop
            default: .take
            }
        }
        #expect(taken.map(\.identifier) == [2, 3])
        #expect(queue.weight == 2)
        #expect(drain(&queue) == [1, 4])
    }

    @Test("The elements whose deadline has come are removed in the order of arrival")
    func expiry() {
        var queue = queue([
            Element(identifier: 1, share: 2, deadline: after(.seconds(2)), weight: 3),
            Element(identifier: 2, deadline: after(.seconds(9))),
            Element(identifier: 3, deadline: after(.seconds(1))),
        ])
        #expect(queue.earliestDeadline == after(.seconds(1)))
        #expect(queue.removeExpired(now: Self.start) == [])
        #expect(queue.removeExpired(now: after(.seconds(2))).map(\.identifier) == [1, 3])
        #expect(queue.earliestDeadline == after(.seconds(9)))
        #expect(queue.weight == 1)
        #expect(drain(&queue) == [2])
    }

    @Test("One element is removed by its number, and its share's turn with the last of them")
    func removal() {
        var queue = queue([Element(identifier: 1), Element(identifier: 2, share: 2), Element(identifier: 3)])
        #expect(queue.removeAll { $0.identifier == 2 }.map(\.identifier) == [2])
        #expect(queue.removeAll { $0.identifier == 2 } == [])
        #expect(drain(&queue) == [1, 3])
    }
}
