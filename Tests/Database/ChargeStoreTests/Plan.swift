import Foundation
import Testing

/// The plan of a statement, as PostgreSQL executes it or would.
struct Plan {
    private let root: [String: Any]
    private let text: String

    /// - Parameter text: The output of `EXPLAIN (FORMAT JSON)`.
    init(_ text: String) throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        root = parsed?[0]["Plan"] as? [String: Any] ?? [:]
        self.text = text
    }

    /// The number of blocks that were read, if the statement was executed.
    var blocks: Int {
        (root["Shared Hit Blocks"] as? Int ?? 0) + (root["Shared Read Blocks"] as? Int ?? 0)
    }

    /// The number of rows that the statement returned, if it was executed.
    var rows: Double { root["Actual Rows"] as? Double ?? 0 }

    /// The most rows that a node orders, if the statement was executed.
    var orderedRows: Double {
        nodes.filter { ($0["Node Type"] as? String)?.contains("Sort") ?? false }
            .map { $0["Actual Rows"] as? Double ?? 0 }.max() ?? 0
    }

    /// The scans, in order: the index where there is one, and else the kind of scan.
    var scans: [String] {
        nodes.compactMap { node in
            guard let kind = node["Node Type"] as? String, kind.contains("Scan"), kind != "CTE Scan",
                kind != "Subquery Scan"
            else { return nil }
            return kind == "Index Scan" ? node["Index Name"] as? String : kind
        }
    }

    /// The indexes that are scanned.
    var indexes: Set<String> { Set(nodes.compactMap { $0["Index Name"] as? String }) }

    /// Checks that charges come from an index in its order, that nothing is sorted, and that the cost is neither high
    /// nor that of an empty table.
    func expectWalk(of index: String, costs: ClosedRange<Double>) {
        let scans = nodes.filter { $0["Relation Name"] as? String == "charge" }
        #expect(scans.map { $0["Node Type"] as? String } == ["Index Scan"], "\(text)")
        #expect(scans.map { $0["Index Name"] as? String } == [index], "\(text)")
        #expect(!nodes.contains { ($0["Node Type"] as? String)?.contains("Sort") ?? true }, "\(text)")
        #expect(costs.contains(root["Total Cost"] as? Double ?? 0), "\(text)")
    }

    private var nodes: [[String: Any]] { Self.nodes(root) }

    private static func nodes(_ node: [String: Any]) -> [[String: Any]] {
        [node] + (node["Plans"] as? [[String: Any]] ?? []).flatMap(nodes)
    }
}
