import ArgumentParser
import ChargeStore
import HTTPFront

/// How a report is printed.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
}

extension ReportResult {
    /// The result as text, with its last line's end.
    func text(_ format: ReportFormat) -> String {
        switch format {
        case .table: tableText
        case .csv: csvText
        case .json: json.text + "\n"
        }
    }

    /// Aligned, numbers to the right; on a terminal with the names of the columns in bold.
    private var tableText: String {
        var widths = columns.map { $0.name.unicodeScalars.count }
        for row in rows {
            for (place, cell) in row.enumerated() {
                widths[place] = max(widths[place], cell?.unicodeScalars.count ?? 0)
            }
        }
        func line(_ cells: [String?], _ style: Terminal.Style?) -> String {
            let padded = cells.enumerated().map { place, cell in
                let text = Self.onOneLine(cell ?? "")
                let padding = String(repeating: " ", count: widths[place] - (cell?.unicodeScalars.count ?? 0))
                let isLast = place == cells.count - 1
                let shown = style.map { Terminal.styled(text, $0) } ?? text
                return columns[place].kind == .number ? padding + shown : shown + (isLast ? "" : padding)
            }
            return padded.joined(separator: "  ") + "\n"
        }
        return line(columns.map(\.name), .bold) + rows.map { line($0, nil) }.joined()
    }

    /// A control character would break the alignment, or speak to the terminal.
    private static func onOneLine(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(scalar.properties.generalCategory == .control ? "?" : scalar)
        }
        return String(scalars)
    }

    /// As psql writes it: RFC 4180 with plain line ends, NULL as nothing at all.
    private var csvText: String {
        ([columns.map { Optional($0.name) }] + rows)
            .map { $0.map { Self.quoted($0 ?? "") }.joined(separator: ",") + "\n" }.joined()
    }

    private static func quoted(_ cell: String) -> String {
        let needsQuotes = cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } || cell == "\\."
        guard needsQuotes else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    /// An array of objects; numbers with the digits that the database gave.
    private var json: JSONValue {
        .array(
            rows.map { row in
                .object(
                    zip(columns, row).map { column, cell in .init(column.name, Self.value(column.kind, cell))
                    })
            })
    }

    private static func value(_ kind: Kind, _ cell: String?) -> JSONValue {
        guard let cell else { return .null }
        switch kind {
        case .boolean: return .boolean(cell == "t")
        // NaN and the infinities are no numbers of JSON's.
        case .number where cell.utf8.contains(where: { $0 == UInt8(ascii: "N") || $0 == UInt8(ascii: "I") }):
            return .string(cell)
        case .number: return .number(cell)
        case .text: return .string(cell)
        }
    }
}
