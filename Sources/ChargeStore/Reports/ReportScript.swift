/// The part of a report's file below its description, and the part of psql's language that it may use, which is this:
///
/// - `\set ON_ERROR_STOP on`, before the statement: psql's exit status then shows an error. Here it always does.
/// - `\if :{?NAME} \else \set NAME 'TEXT' \endif`, a line each, before the statement: the variable `NAME` is `TEXT`
///   unless it is given. `TEXT` has no quote and no backslash.
/// - `:'NAME'` in the statement: the variable's value as a quoted literal. It is replaced everywhere, also in strings
///   and comments, where psql does not replace it; so it may not be there.
/// - One statement, which ends with the file's one semicolon.
///
/// Any other line that begins with a backslash is refused, and a test runs every file through psql itself.
package struct ReportScript: Sendable, Equatable {
    /// A variable, with the value that it has where none is given.
    package struct Variable: Sendable, Equatable {
        package let name: String
        package let defaultValue: String
    }

    /// A part of the statement.
    enum Part: Sendable, Equatable {
        case sql(String)
        case variable(String)
    }

    package let variables: [Variable]
    let parts: [Part]

    /// The reason for which a file cannot be read.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ text: String) throws(Failure) {
        var variables: [Variable] = []
        var statement: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("\\") {
                guard statement.allSatisfy(\.isEmpty) else {
                    throw Failure(description: "a command stands after the statement's beginning: \(line)")
                }
                if line == "\\set ON_ERROR_STOP on" { continue }
                variables.append(try Self.variable(line))
            } else {
                statement.append(line)
            }
        }
        let lines = statement.joined(separator: "\n").split(separator: ";", omittingEmptySubsequences: false)
        guard lines.count == 2, lines[1].allSatisfy(\.isWhitespace) else {
            throw Failure(description: "it must be one statement, which ends with the file's one semicolon")
        }
        self.variables = variables
        parts = try Self.parts(lines[0], variables: variables.map(\.name))
    }

    /// The statement, with each variable's given value or default as a literal.
    ///
    /// - Parameter quote: Makes a literal of a string.
    package func statement<QuotingFailure>(
        _ given: [String: String] = [:], quote: (String) throws(QuotingFailure) -> String
    ) throws(QuotingFailure) -> String {
        let defaults = Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.defaultValue) })
        var sql = ""
        for part in parts {
            switch part {
            case .sql(let text): sql += text
            case .variable(let name): sql += try quote(given[name] ?? defaults[name] ?? "")
            }
        }
        return sql
    }

    private static func variable(_ line: Substring) throws(Failure) -> Variable {
        let form = #/\\if :\{\?([a-z]+)\} \\else \\set ([a-z]+) '([^'\\]*)' \\endif/#
        guard let match = line.wholeMatch(of: form), match.output.1 == match.output.2 else {
            throw Failure(description: "a command that is not read here: \(line)")
        }
        return Variable(name: String(match.output.1), defaultValue: String(match.output.3))
    }

    private static func parts(_ sql: Substring, variables: [String]) throws(Failure) -> [Part] {
        var parts: [Part] = []
        var rest = sql
        while let match = rest.firstMatch(of: #/:'([a-z]+)'/#) {
            let name = String(match.output.1)
            guard variables.contains(name) else {
                throw Failure(description: "the variable \(name) has no default")
            }
            parts.append(.sql(String(rest[..<match.range.lowerBound])))
            parts.append(.variable(name))
            rest = rest[match.range.upperBound...]
        }
        parts.append(.sql(String(rest)))
        return parts
    }
}
