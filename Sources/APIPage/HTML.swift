import StrictJSON

/// The conversion of text to HTML.
enum HTML {
    /// The text with HTML's special characters escaped, for an element or a quoted attribute.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A line of text, with the parts in backquotes as code.
    static func line(_ text: String) -> String {
        let parts = escaped(text).split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().map { $0.isMultiple(of: 2) ? String($1) : "<code>\($1)</code>" }.joined()
    }

    /// A table of HTML cells. Each cell has its column's heading as a label too, which a narrow screen shows instead of
    /// the row of headings.
    static func table(_ columns: [String], _ rows: [[String]]) -> String {
        let head = columns.map { "<th>\($0)</th>" }.joined()
        let body = rows.map { cells in
            "<tr>" + zip(columns, cells).map { "<td data-label=\"\($0)\">\($1)</td>" }.joined() + "</tr>"
        }
        return "<div class=\"wide\"><table><thead><tr>\(head)</tr></thead>"
            + "<tbody>\(body.joined())</tbody></table></div>\n"
    }

    /// A command that runs as pasted.
    static func command(_ text: String) -> String { "<pre class=\"run\">\(escaped(text))</pre>\n" }

    /// The paragraphs and lists of a text in the subset of CommonMark that the OpenAPI document uses.
    static func paragraphs(_ text: String) -> String {
        var html = ""
        var isInList = false
        for line in text.split(separator: "\n") {
            let isItem = line.hasPrefix("- ")
            if isItem != isInList { html += isItem ? "<ul>" : "</ul>" }
            isInList = isItem
            html +=
                isItem
                ? "<li>\(Self.line(String(line.dropFirst(2))))</li>" : "<p>\(Self.line(String(line)))</p>"
        }
        return html + (isInList ? "</ul>" : "")
    }
}

extension JSONValue {
    /// The value indented over several lines.
    func pretty(indent: Int = 0) -> String {
        let short = text
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .object(let members) where short.utf8.count > 60 && !members.isEmpty:
            let lines = members.map {
                "\(inner)\(JSONValue.string($0.name).text): \($0.value.pretty(indent: indent + 2))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
        case .array(let values) where short.utf8.count > 60 && !values.isEmpty:
            let lines = values.map { inner + $0.pretty(indent: indent + 2) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
        case .object(let members):
            let parts = members.map {
                "\(JSONValue.string($0.name).text): \($0.value.pretty(indent: indent))"
            }
            return "{\(parts.joined(separator: ", "))}"
        default: return short
        }
    }
}
