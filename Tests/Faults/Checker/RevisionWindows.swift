import FaultJournal

/// An interval of time in which something happened once.
struct Window {
    var earliest = Nanoseconds.min
    var latest = Nanoseconds.max
    /// The lines that say so of `latest`.
    var lines: [Int] = []

    /// An answer that came at this time shows that it had happened.
    mutating func happened(by time: Nanoseconds, lines newLines: [Int]) {
        guard time < latest else { return }
        latest = time
        lines = newLines
    }
}

/// When each revision of a charge was committed, as far as calls and answers tell.
///
/// The charge is in state r from the commit of revision r to that of revision r + 1, and the commits of a charge follow
/// one another. So a revision is committed no earlier than any before it and no later than any after it: the earliest
/// times and the latest times both ascend, and the states that are possible within a call's interval are a range, which
/// two binary searches find.
struct RevisionWindows {
    /// By revision; that of 0 is the charge's arrival, before everything.
    private(set) var windows: [Window]
    /// Whether the latest time of a revision is the deadline of calls whose answers did not tell.
    private(set) var isDeadline: [Bool]

    init() {
        windows = [Window(latest: .min)]
        isDeadline = [false]
    }

    /// The last revision.
    var last: Int { windows.count - 1 }

    mutating func append(_ window: Window, isDeadline deadline: Bool) {
        windows.append(window)
        isDeadline.append(deadline)
    }

    /// Brings earliest and latest times into the order of the revisions. Returns the pairs of revisions of which the
    /// first was asked for after the answer about the second.
    mutating func close() -> [(revision: Int, next: Int)] {
        var clashes: [(Int, Int)] = []
        guard last > 0 else { return [] }
        var latestStart = 0
        for revision in 1...last {
            if windows[revision].earliest < windows[latestStart].earliest {
                windows[revision].earliest = windows[latestStart].earliest
            } else {
                latestStart = revision
            }
            if windows[revision].earliest > windows[revision].latest {
                clashes.append((latestStart, revision))
                // What follows is judged as if this revision had come in its turn.
                windows[revision].latest = windows[revision].earliest
            }
        }
        for revision in stride(from: last - 1, through: 1, by: -1)
        where windows[revision].latest > windows[revision + 1].latest {
            windows[revision].latest = windows[revision + 1].latest
            windows[revision].lines = windows[revision + 1].lines
            isDeadline[revision] = isDeadline[revision + 1]
        }
        return clashes
    }

    /// The revisions that may have been current at some moment between two times; empty never.
    func possible(from start: Nanoseconds, to end: Nanoseconds) -> ClosedRange<Int> {
        // The first state that did not certainly end before the start.
        var low = 0
        var high = last
        while low < high {
            let middle = (low + high) / 2
            if windows[middle + 1].latest < start { low = middle + 1 } else { high = middle }
        }
        let first = low
        // The last state that did not certainly begin after the end.
        low = first
        high = last
        while low < high {
            let middle = (low + high + 1) / 2
            if windows[middle].earliest > end { high = middle - 1 } else { low = middle }
        }
        return first...low
    }

    /// An answer that came at this time shows that the revision was there. Times must ascend from call to call, so each
    /// revision is touched once.
    mutating func happened(_ revision: Int, by time: Nanoseconds, lines: [Int]) {
        var revision = min(revision, last)
        while revision > 0, windows[revision].latest > time {
            windows[revision].latest = time
            windows[revision].lines = lines
            isDeadline[revision] = false
            revision -= 1
        }
    }
}
