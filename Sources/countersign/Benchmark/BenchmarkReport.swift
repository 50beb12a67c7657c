import Benchmark
import ChargeStore
import HTTPFront

/// What a benchmark says in the end.
struct BenchmarkReport {
    /// What was measured together, in the order of the runs.
    struct Part {
        let title: String
        let summaries: [Summary]
        var targets: [Target] = []
        /// What else must be known of it.
        var notes: [String] = []
    }

    let settings: [ServerSetting]
    let processors: Int
    let parts: [Part]

    var text: String {
        var blocks: [String] = []
        for part in parts {
            var lines = [Terminal.styled(part.title, .bold)]
            if !part.summaries.isEmpty { lines.append(Self.table(part.summaries).text) }
            lines += part.notes.map { Terminal.styled($0, .dim) }
            blocks.append(lines.joined(separator: "\n"))
        }
        let targets = parts.flatMap(\.targets)
        if !targets.isEmpty { blocks.append(Self.table(targets)) }
        let told = settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        blocks.append(Terminal.styled("\(processors) processors; \(told)", .dim))
        return blocks.joined(separator: "\n\n")
    }

    /// A line for each figure that anything has, a column for each thing measured: its median, and its spread.
    private static func table(_ summaries: [Summary]) -> Table {
        let figures = Figure.allCases.filter { figure in summaries.contains { $0[figure] != nil } }
        let rows = figures.map { figure in
            [figure.title]
                + summaries.map { summary in
                    guard let spread = summary[figure] else { return "-" }
                    let median = figure.text(spread.median)
                    guard summary.runCount > 1, spread.lowest < spread.highest else { return median }
                    return "\(median) (\(figure.text(spread.lowest))–\(figure.text(spread.highest)))"
                }
        }
        return Table(
            styles: [.cyan] + summaries.map { _ in nil }, rows: [[""] + summaries.map(\.name)] + rows)
    }

    private static func table(_ targets: [Target]) -> String {
        let rows = targets.map { [$0.name, $0.told, $0.asked, $0.isMet ? "met" : "NOT MET"] }
        return Table(
            styles: [.cyan, .bold, nil, nil], rows: [["", "measured", "asked", ""]] + rows
        ).text
    }

    var json: JSONValue {
        .object([
            .init("processors", .number("\(processors)")),
            .init("database_settings", .object(settings.map { .init($0.name, .string($0.value)) })),
            .init("parts", .array(parts.map(Self.json))),
        ])
    }

    private static func json(_ part: Part) -> JSONValue {
        let measured = part.summaries.map { summary in
            let figures = Figure.allCases.compactMap { figure in
                summary[figure].map { spread in
                    JSONValue.Member(
                        figure.rawValue,
                        .object([
                            .init("median", number(spread.median)), .init("lowest", number(spread.lowest)),
                            .init("highest", number(spread.highest)),
                        ]))
                }
            }
            return JSONValue.object([
                .init("name", .string(summary.name)), .init("runs", .number("\(summary.runCount)")),
                .init("figures", .object(figures)),
            ])
        }
        let targets = part.targets.map { target in
            JSONValue.object([
                .init("name", .string(target.name)), .init("measured", number(target.measured)),
                .init("asked", .string(target.asked)), .init("met", .boolean(target.isMet)),
            ])
        }
        return .object([
            .init("title", .string(part.title)), .init("measured", .array(measured)),
            .init("targets", .array(targets)), .init("notes", .array(part.notes.map(JSONValue.string))),
        ])
    }

    private static func number(_ value: Double) -> JSONValue {
        value.isFinite ? .number("\((value * 1000).rounded() / 1000)") : .null
    }
}
