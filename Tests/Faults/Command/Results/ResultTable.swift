import Foundation

/// The table of runs, for people.
enum ResultTable {
    private static let columns = [
        "scenario", "seed", "calls", "ok", "failed", "unknown", "gap s", "back s", "violations",
    ]
    private static let widths = [24, 12, 7, 7, 7, 8, 7, 7, 0]

    static let header = line(columns)

    static func row(_ result: RunResult) -> String {
        var names: [String: Int] = [:]
        for violation in result.violations { names[violation.invariant, default: 0] += 1 }
        let violations = names.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
            separator: ", ")
        var verdict = violations.isEmpty ? "none" : violations
        if let expected = result.expected {
            verdict += result.isGood ? " (caught)" : " (NOT CAUGHT: \(expected.joined(separator: " or ")))"
        }
        return line([
            result.scenario, "\(result.seed)", "\(result.calls)", "\(result.ok)", "\(result.failed)",
            "\(result.unknown)", String(format: "%.1f", result.longestGapSeconds),
            result.recoverySeconds.map { String(format: "%.1f", $0) } ?? "> 20", verdict,
        ])
    }

    private static func line(_ cells: [String]) -> String {
        zip(cells, widths).enumerated().map { place, cell in
            let (text, width) = cell
            let space = String(repeating: " ", count: max(0, width - text.count))
            // Words to the left, numbers to the right.
            return place == 0 || width == 0 ? text + space : space + text
        }.joined(separator: "  ")
    }
}
