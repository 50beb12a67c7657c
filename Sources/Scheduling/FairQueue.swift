public import DequeModule

/// An element of a fair queue.
public protocol QueueElement: Sendable {
    associatedtype Share: Hashable & Sendable

    /// The element's number, in the order of arrival.
    var identifier: UInt64 { get }
    /// The share of the queue that the element counts against, and whose turn it waits for.
    var share: Share { get }
    /// The moment after which the element waits in vain.
    var deadline: ContinuousClock.Instant { get }
    /// What the element adds to the queue's weight.
    var weight: Int { get }
}

extension QueueElement {
    /// The weight of an element that has none of its own: 1.
    @inlinable public var weight: Int { 1 }
}

/// The bound that keeps an element out of a fair queue.
public enum QueueBound: Sendable {
    /// The queue holds as many elements as it may.
    case total
    /// The queue holds as many elements of this share as it may.
    case share
}

/// A bounded queue of what waits for something shared: first in, first out within a share, and the shares in turn, so
/// that one share's flood does not keep the others waiting. It is a value without a lock or a clock.
///
/// It is public, since the compiler does not specialise a generic type of another module that is `package`.
///
/// A share that has nothing waiting is forgotten, and comes last when it comes again. A queue that remembers turns puts
/// it where its last turn belongs: the share whose last turn is the longest ago is the next, and one without a turn is
/// before all that had one. So a share that seldom comes does not wait for a round of many that always wait.
public struct FairQueue<Element: QueueElement>: Sendable {
    @usableFromInline let maximumCount: Int
    @usableFromInline let maximumCountPerShare: Int
    @usableFromInline var waiting: [Element.Share: Deque<Element>] = [:]
    /// The shares that have an element waiting, the next to be served first.
    @usableFromInline var turns: Deque<Element.Share> = []
    @usableFromInline var waitingCount = 0
    @usableFromInline var waitingWeight = 0
    @usableFromInline var firstDeadline: ContinuousClock.Instant?
    @usableFromInline let rememberedTurns: Int
    /// The number of the last turn of each share; empty unless turns are remembered.
    @usableFromInline var lastTurns: [Element.Share: Int] = [:]
    @usableFromInline var turnCount = 0

    /// The number of elements.
    @inlinable public var count: Int { waitingCount }
    /// The sum of the elements' weights.
    @inlinable public var weight: Int { waitingWeight }
    /// A lower bound of the elements' deadlines; `nil` while nothing waits.
    @inlinable public var earliestDeadline: ContinuousClock.Instant? { firstDeadline }

    /// - Parameters:
    ///   - maximumCount: The most elements that `append` lets in, in all.
    ///   - maximumCountPerShare: The most elements of one share that `append` lets in.
    ///   - rememberedTurns: The number of turns for which a share's last one is remembered at least.
    @inlinable public init(maximumCount: Int, maximumCountPerShare: Int, rememberedTurns: Int = 0) {
        self.maximumCount = maximumCount
        self.maximumCountPerShare = maximumCountPerShare
        self.rememberedTurns = rememberedTurns
    }

    /// Adds an element as the last of its share.
    ///
    /// - Returns: The bound that keeps the element out; `nil` if it was added.
    @inlinable public mutating func append(_ element: Element) -> QueueBound? {
        let countOfShare = waiting[element.share]?.count ?? 0
        guard countOfShare < maximumCountPerShare else { return .share }
        guard count < maximumCount else { return .total }
        if countOfShare == 0 { queueUp(element.share) }
        waiting[element.share, default: []].append(element)
        added(element)
        return nil
    }

    /// Makes room for one more element of a share, in a queue that holds as many as it may: removes the last element of
    /// the share that has the most.
    ///
    /// - Returns: The removed element; `nil` if no share would still have as many as this one then has.
    public mutating func makeRoom(for share: Element.Share) -> Element? {
        let count = waiting[share]?.count ?? 0
        guard let most = waiting.max(by: { $0.value.count < $1.value.count }), most.value.count > count + 1,
            let removed = waiting[most.key]?.popLast()
        else { return nil }
        waitingCount -= 1
        waitingWeight -= removed.weight
        return removed
    }

    /// Returns an element that was taken to its place, whatever the bounds: first in its share, and its share next.
    @inlinable public mutating func putBack(_ element: Element) {
        if waiting[element.share] == nil { turns.prepend(element.share) }
        waiting[element.share, default: []].prepend(element)
        added(element)
    }

    /// Takes the element whose turn it is.
    @inlinable public mutating func popFirst() -> Element? {
        guard let share = turns.popFirst() else { return nil }
        return removeFirst(of: share)
    }

    /// The number of waiting elements for which a condition holds.
    public func count(where condition: (Element) -> Bool) -> Int {
        waiting.values.reduce(0) { $0 + $1.count(where: condition) }
    }

    /// The choice for the element whose turn it is.
    public enum Choice {
        case take
        /// Leaves the element and its share's later ones in the queue; the share keeps its turn.
        case passOver
        /// Takes no further element.
        case stop
    }

    /// Offers the elements in their turns to a choice.
    ///
    /// - Returns: The elements that were taken, in order.
    @inlinable public mutating func take(_ choose: (Element) -> Choice) -> [Element] {
        var taken: [Element] = []
        var passedOver: [Element.Share] = []
        choosing: while let share = turns.popFirst() {
            guard let element = waiting[share]?.first else { continue }
            switch choose(element) {
            case .take:
                removeFirst(of: share)
                taken.append(element)
            case .passOver: passedOver.append(share)
            case .stop:
                turns.prepend(share)
                break choosing
            }
        }
        turns.prepend(contentsOf: passedOver)
        return taken
    }

    /// Removes and returns the elements for which a condition holds, in the order of arrival.
    public mutating func removeAll(where condition: (Element) -> Bool) -> [Element] {
        var removed: [Element] = []
        var earliest: ContinuousClock.Instant?
        for (share, elements) in waiting {
            let kept = elements.filter { !condition($0) }
            if let first = kept.lazy.map(\.deadline).min() { earliest = min(earliest ?? first, first) }
            guard kept.count < elements.count else { continue }
            removed += elements.filter(condition)
            waiting[share] = kept.isEmpty ? nil : kept
        }
        firstDeadline = earliest
        guard !removed.isEmpty else { return [] }
        turns.removeAll { waiting[$0] == nil }
        waitingCount -= removed.count
        waitingWeight -= removed.reduce(0) { $0 + $1.weight }
        return removed.sorted { $0.identifier < $1.identifier }
    }

    /// Removes and returns the elements whose deadline has come, in the order of arrival.
    @inlinable public mutating func removeExpired(now: ContinuousClock.Instant) -> [Element] {
        guard let earliestDeadline, earliestDeadline <= now else { return [] }
        return removeAll { $0.deadline <= now }
    }

    /// Forgets that a share had a turn, so that it is the next when it comes again.
    public mutating func forgetTurn(of share: Element.Share) {
        lastTurns[share] = nil
    }

    /// Puts a share that had nothing waiting into the order of turns.
    @inlinable mutating func queueUp(_ share: Element.Share) {
        guard rememberedTurns > 0 else { return turns.append(share) }
        let last = lastTurns[share] ?? 0
        let place = turns.firstIndex { (lastTurns[$0] ?? 0) > last } ?? turns.endIndex
        turns.insert(share, at: place)
    }

    /// Remembers that it was a share's turn.
    @inlinable mutating func remember(_ share: Element.Share) {
        guard rememberedTurns > 0 else { return }
        turnCount += 1
        lastTurns[share] = turnCount
        guard lastTurns.count > 2 * rememberedTurns else { return }
        let first = turnCount - rememberedTurns
        lastTurns = lastTurns.filter { $0.value > first }
    }

    @inlinable mutating func added(_ element: Element) {
        waitingCount += 1
        waitingWeight += element.weight
        firstDeadline = min(firstDeadline ?? element.deadline, element.deadline)
    }

    /// Removes the first element of the share whose turn it is, and gives the share its next turn after the others.
    @inlinable @discardableResult mutating func removeFirst(of share: Element.Share) -> Element? {
        guard let element = waiting[share]?.popFirst() else { return nil }
        remember(share)
        if waiting[share]?.isEmpty == true {
            waiting[share] = nil
        } else {
            turns.append(share)
        }
        waitingCount -= 1
        waitingWeight -= element.weight
        if waitingCount == 0 { firstDeadline = nil }
        return element
    }
}

/// The shares of a pool's queue. Each share has a bound of its own, and the shares take turns.
public enum QueueShare: Hashable, Sendable {
    /// Work that is neither an operator's nor the provider's.
    case common
    /// One operator's calls, by the operator's identifier.
    case `operator`(Int64)
    /// The provider's calls.
    case provider
    /// The batches of operators' calls, which have waited for their turns in a queue of their own.
    case batches
    /// Work that no caller waits for.
    case background

    /// The kind of the work, whichever operator's it is.
    public enum Kind: String, CaseIterable, Sendable {
        case common
        case `operator`
        case provider
        case batches
        case background
    }

    /// The kind of the share's work.
    public var kind: Kind {
        switch self {
        case .common: .common
        case .operator: .operator
        case .provider: .provider
        case .batches: .batches
        case .background: .background
        }
    }
}
