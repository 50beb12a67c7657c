import FaultChecker
import FaultJournal
import Testing

/// Ways in which the feed and pages of it can be wrong.
struct FeedTests {
    /// Two charges with a decision each, and one more of the first.
    private var fixture: JournalFixture {
        JournalFixture.with("I1", "I2") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.decline, "I1", "R2", at: 3...4, .ok())
            $0.call(.accept, "I2", "R3", at: 5...6, .ok())
            $0.end("I1", .accepted(1, "R1"), .declined(2, "R2"))
            $0.end("I2", .accepted(1, "R3"))
        }
    }

    private func feed(_ change: (inout [FeedRow]) -> Void) -> Set<Invariant> {
        var fixture = fixture
        var rows = fixture.wholeFeed
        change(&rows)
        fixture.feed = rows
        return fixture.broken
    }

    private func page(after: Int?, _ change: (inout [FeedRow]) -> Void) -> Set<Invariant> {
        var fixture = fixture
        var rows = fixture.wholeFeed.filter { $0.position > after ?? 0 }
        change(&rows)
        fixture.call(.feed, after: after, at: 7...8, .ok(.feed(rows)))
        return fixture.broken
    }

    @Test("A feed with each decision once is clean, and so are pages of it")
    func clean() {
        #expect(feed { _ in }.isEmpty)
        for after in [nil, 0, 1, 2, 3] { #expect(page(after: after) { _ in }.isEmpty) }
        #expect(page(after: 0) { $0.removeLast() }.isEmpty, "a page may end early")
    }

    @Test("A decision is not in the feed")
    func lost() {
        #expect(feed { $0.remove(at: 1) } == [.feedLost])
    }

    @Test("A decision is in the feed twice")
    func twice() {
        #expect(feed { $0.append(FeedRow(4, "acme", "I2", "ACCEPTED", 1)) } == [.feedTwice])
    }

    @Test("The feed is not in the order of positions, or of revisions")
    func order() {
        #expect(feed { $0.swapAt(1, 2) } == [.feedOrder])
        #expect(
            feed {
                $0[0] = FeedRow(1, "acme", "I1", "DECLINED", 2)
                $0[1] = FeedRow(2, "acme", "I1", "ACCEPTED", 1)
            } == [.feedOrder])
    }

    @Test("The feed says what no decision says")
    func falseRow() {
        #expect(feed { $0[2].decision = "DECLINED" } == [.feedFalse])
        #expect(feed { $0.append(FeedRow(4, "acme", "I2", "DECLINED", 2)) } == [.feedFalse])
    }

    @Test("A page lacks a row, has one twice, or has its rows in another order")
    func wrongPage() {
        #expect(page(after: 0) { $0.remove(at: 1) } == [.feedLost])
        #expect(page(after: 0) { $0.remove(at: 0) } == [.feedLost])
        #expect(page(after: 0) { $0.insert($0[1], at: 1) } == [.feedTwice])
        #expect(page(after: 0) { $0.swapAt(0, 2) }.contains(.feedOrder))
        #expect(page(after: 1) { $0.insert(FeedRow(1, "acme", "I1", "ACCEPTED", 1), at: 0) } == [.feedOrder])
    }

    @Test("A row that a reader was given is not in the feed at the end")
    func lostLater() {
        #expect(page(after: 0) { $0.append(FeedRow(4, "acme", "I2", "DECLINED", 2)) } == [.feedLost])
        #expect(page(after: 0) { $0[2] = FeedRow(3, "acme", "I1", "DECLINED", 2) } == [.feedLost])
    }

    @Test("Rows of operators that the journal does not name are left out")
    func strangers() {
        let stranger = FeedRow(0, "other", "I1", "ACCEPTED", 1)
        #expect(feed { $0.insert(stranger, at: 0) }.isEmpty)
        #expect(page(after: 0) { $0.insert(stranger, at: 1) }.isEmpty)
    }

    @Test("A page shows a decision before it can have been made")
    func early() {
        var fixture = fixture
        fixture.call(.feed, after: 0, at: 0.1...0.5, .ok(.feed([FeedRow(1, "acme", "I1", "ACCEPTED", 1)])))
        #expect(fixture.broken == [.impossibleRead])
    }
}
