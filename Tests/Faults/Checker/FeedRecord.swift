import FaultJournal

/// The feed at the end, and the pages of it that readers were given.
struct FeedRecord {
    struct Row: Equatable {
        let position: Int
        let charge: Int
        let revision: Int
        let decision: HistoryKind?
    }

    struct Page {
        let call: Int
        let after: Int?
        /// The place of its first row in `rows`.
        let start: Int
    }

    private(set) var final: [Row] = []
    /// By `final`: the line.
    private(set) var finalLines: [Int] = []
    private(set) var pages: [Page] = []
    /// The rows of all pages.
    private(set) var rows: [Row] = []

    mutating func addFinal(_ row: FeedRow, charge: Int, line: Int) {
        final.append(Self.row(row, charge))
        finalLines.append(line)
    }

    mutating func beginPage(call: Int, after: Int?) {
        pages.append(Page(call: call, after: after, start: rows.count))
    }

    mutating func addRow(_ row: FeedRow, charge: Int) {
        rows.append(Self.row(row, charge))
    }

    /// The rows of a page, by its place.
    func rows(ofPage place: Int) -> ArraySlice<Row> {
        rows[pages[place].start..<(place + 1 < pages.count ? pages[place + 1].start : rows.count)]
    }

    private static func row(_ row: FeedRow, _ charge: Int) -> Row {
        Row(
            position: row.position, charge: charge, revision: row.revision,
            decision: HistoryKind(rawValue: row.decision))
    }
}

/// *feed-lost*, *feed-twice*, *feed-order*, *feed-false*: the feed is a log. At the end it has each decision of the
/// history once, in the order of positions, and those of a charge in the order of their revisions. A page is a run of
/// the final feed that begins after the reader's cursor, so that what commits late is not skipped, and what a reader was
/// given stays. A table from positions to rows finds each row of a page at once. The feed is everyone's: rows of operators
/// that the journal does not name are left out, at the end and in pages.
extension Checker {
    mutating func checkFeed() {
        var places: [Int: Int] = [:]
        var lastPosition = Int.min
        // By charge: the revisions that the feed has.
        var revisions: [Int: [Int]] = [:]
        for (place, row) in feed.final.enumerated() {
            let line = feed.finalLines[place]
            if row.position <= lastPosition {
                report(
                    .feedOrder, lines: [line],
                    "position \(row.position) comes after \(lastPosition) in the feed")
            }
            lastPosition = max(lastPosition, row.position)
            if places[row.position] == nil { places[row.position] = place }
            let known = revisions[row.charge]?.last ?? 0
            if row.revision > known {
                revisions[row.charge, default: []].append(row.revision)
            } else if revisions[row.charge]!.contains(row.revision) {
                report(.feedTwice, lines: [line], "the feed has \(title(row)) twice")
            } else {
                report(
                    .feedOrder, lines: [line], "the feed has \(title(row)) after revision \(known)")
                revisions[row.charge]!.append(row.revision)
            }
            let decisions = charges[row.charge].final?.decisions ?? []
            guard decisions.indices.contains(row.revision - 1),
                decisions[row.revision - 1].kind == row.decision
            else {
                report(
                    .feedFalse, lines: [line], "the feed has \(title(row)), which the history has not")
                continue
            }
        }
        for (index, charge) in charges.enumerated() {
            guard let final = charge.final, final.decisions.count != revisions[index]?.count ?? 0 else {
                continue
            }
            let known = Set(revisions[index] ?? [])
            for row in final.decisions where !known.contains(row.revision) {
                report(
                    .feedLost, lines: [final.line], "the feed has not \(title(row, index))")
            }
        }
        for place in feed.pages.indices { checkPage(place, places) }
    }

    private mutating func checkPage(_ place: Int, _ places: [Int: Int]) {
        let page = feed.pages[place]
        let lines = calls[page.call].lines
        // The place in the final feed of the row that comes next.
        var next = page.after.map { after in feed.final.firstPlace { $0.position > after } }
        var previous: FeedRecord.Row?
        for row in feed.rows(ofPage: place) {
            guard let found = places[row.position], feed.final[found] == row else {
                report(
                    .feedLost, lines: lines,
                    "a reader was given \(title(row)) at position \(row.position), which the feed has not at the end"
                )
                continue
            }
            if row == previous {
                report(.feedTwice, lines: lines, "a page of the feed has \(title(row)) twice")
                continue
            }
            previous = row
            if let expected = next, found != expected {
                let skipped = feed.final[min(found, expected)]
                report(
                    found > expected ? .feedLost : .feedOrder,
                    lines: lines + [feed.finalLines[min(found, expected)]],
                    found > expected
                        ? "a reader was not given \(title(skipped)), and was given what comes after it"
                        : "a page of the feed has \(title(row)) out of its order")
            }
            next = max(next ?? 0, found + 1)
        }
    }

    private func title(_ row: FeedRecord.Row) -> String {
        "revision \(row.revision) (\(row.decision?.rawValue ?? "?")) of \(title(row.charge))"
    }
}
