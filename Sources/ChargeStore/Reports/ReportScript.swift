/// The part of a report's file below its description, and the part of psql's language that it may use, which is this:
///
/// - `\if :{?NAME}`, optionally `\else`, and `\endif`, a line each: the lines between are in the statement if the
///   variable `NAME` is given, or if it is not. These are not nested.
/// - `:'NAME'` in the statement, where `NAME` is given: the variable's value as a quoted literal. It is replaced
///   everywhere, also in strings and comments, where psql does not replace it; so it may not be there.
/// - One statement without a semicolon, and then the lines of `ending`.
///
/// A file sets no variable that a session of psql would keep. Any other line that begins with a backslash is refused,
/// and a test runs every file through psql itself.
package struct ReportScript: Sendable, Equatable {
    /// The end of every file, by which psql runs the statement.
    ///
    /// An error ends psql with status 3, as if ON_ERROR_STOP were on, and the session keeps its own value of it: psql
    /// reads the value when it begins a line, and the last line but one sets it back before it runs the statement.
    static let ending = """
        \\if :ON_ERROR_STOP
        \\g
        \\else
        \\set ON_ERROR_STOP on
        \\set ON_ERROR_STOP off \\g
        \\endif

        """

    /// A part of the statement.
    enum Part: Sendable, Equatable {
        case sql(String)
        case variable(String)
    }

    /// Parts of the statement that are in it only if a variable is given, or only if it is not.
    struct Section: Sendable, Equatable {
        /// The variable; `nil` if the parts are always in the statement.
        let variable: String?
        let ifGiven: [Part]
        let otherwise: [Part]
    }

    /// The variables' names, in the order in which the file first asks for them.
    package let variables: [String]
    let sections: [Section]

    /// The reason for which a file cannot be read.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ text: String) throws(Failure) {
        guard text.hasSuffix("\n" + Self.ending) else {
            throw Failure(description: "it does not end with the lines that run the statement")
        }
        let statement = text.dropLast(Self.ending.count)
        guard !statement.contains(";") else {
            throw Failure(description: "it must be one statement, without a semicolon")
        }
        var reader = Reader()
        for line in statement.split(separator: "\n", omittingEmptySubsequences: false) {
            try reader.read(line)
        }
        sections = try reader.end()
        variables = reader.variables
    }

    /// The statement, with each given variable's value as a literal.
    ///
    /// - Parameter quote: Makes a literal of a string.
    package func statement<QuotingFailure>(
        _ given: [String: String] = [:], quote: (String) throws(QuotingFailure) -> String
    ) throws(QuotingFailure) -> String {
        var sql = ""
        for section in sections {
            let isGiven = section.variable.map { given[$0] != nil } ?? true
            for part in isGiven ? section.ifGiven : section.otherwise {
                switch part {
                case .sql(let text): sql += text
                case .variable(let name): sql += try quote(given[name] ?? "")
                }
            }
        }
        return sql
    }
}

extension ReportScript {
    /// The reader of a file's lines, one after the other.
    private struct Reader {
        private(set) var variables: [String] = []
        private var sections: [Section] = []
        /// The open condition; `nil` outside of one.
        private var condition: (variable: String, ifGiven: [Part]?)?
        private var parts: [Part] = []

        mutating func read(_ line: Substring) throws(Failure) {
            if let match = line.wholeMatch(of: #/\\if :\{\?([a-z]+)\}/#), condition == nil {
                closeSection(nil, ifGiven: parts)
                let name = String(match.output.1)
                condition = (name, nil)
                if !variables.contains(name) { variables.append(name) }
            } else if line == "\\else", let open = condition, open.ifGiven == nil {
                condition = (open.variable, parts)
                parts = []
            } else if line == "\\endif", let open = condition {
                closeSection(
                    open.variable, ifGiven: open.ifGiven ?? parts, otherwise: open.ifGiven == nil ? [] : parts
                )
                condition = nil
            } else if line.hasPrefix("\\") {
                throw Failure(description: "a command that is not read here: \(line)")
            } else {
                try append(line)
            }
        }

        mutating func end() throws(Failure) -> [Section] {
            guard condition == nil else { throw Failure(description: "a condition has no end") }
            closeSection(nil, ifGiven: parts)
            return sections
        }

        private mutating func closeSection(_ variable: String?, ifGiven: [Part], otherwise: [Part] = []) {
            sections.append(Section(variable: variable, ifGiven: ifGiven, otherwise: otherwise))
            parts = []
        }

        private mutating func append(_ line: Substring) throws(Failure) {
            var rest = line
            while let match = rest.firstMatch(of: #/:'([a-z]+)'/#) {
                let name = String(match.output.1)
                guard let condition, condition.variable == name, condition.ifGiven == nil else {
                    throw Failure(description: "the variable \(name) is used where it may not be given")
                }
                parts += [.sql(String(rest[..<match.range.lowerBound])), .variable(name)]
                rest = rest[match.range.upperBound...]
            }
            parts.append(.sql(rest + "\n"))
        }
    }
}
