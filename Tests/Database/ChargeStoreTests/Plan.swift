import Foundation
import Testing

/// What PostgreSQL does for a statement, or would do.
struct Plan {
    private let root: [String: Any]
    private let text: String

    /// - Parameter text: What `EXPLAIN (FORMAT JSON)` answers.
    init(_ text: String) throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        root = parsed?[0]["Plan"] as? [String: Any] ?? [:]
        self.text = text
    }

    /// The blocks that were looked at, if it was carried out.
    var blocks: Int {
        (root["Shared Hit Blocks"] as? Int ?? 0) + (root["Shared Read Blocks"] as? Int ?? 0)
    }

    /// What is read, in order: by index where there is one, and else the kind of reading.
    var scans: [String] {
        nodes.compactMap { node in
            guard let kind = node["Node Type"] as? String, kind.contains("Scan"), kind != "CTE Scan",
                kind != "Subquery Scan"
            else { return nil }
            return kind == "Index Scan" ? node["Index Name"] as? String : kind
        }
    }

    /// Charges come from an index in its order; nothing is sorted, and the cost is neither high nor that of an empty
    /// table.
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
