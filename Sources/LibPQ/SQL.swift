/// The SQL of a statement, written as a string with its parameters in their places.
///
/// ```swift
/// let sql: SQL<UserKey> = """
///     SELECT id FROM account WHERE operator = \(\.operatorCode) AND name = \(\.username)
///     """
/// ```
///
/// An interpolated key path is a parameter: its value in the statement's input is sent, with the PostgreSQL type of the
/// Swift type. Parameters become `$1`, `$2`, … in the order of their first appearance; the same key path is the same
/// parameter wherever it appears. `\(raw: text)` is text of the statement itself, and another `SQL` is a part with
/// parameters. A value cannot be interpolated, so none can become SQL by mistake.
public struct SQL<Input>: ExpressibleByStringInterpolation, Sendable {
    private let parts: [Part]

    fileprivate enum Part: Sendable {
        case text(String)
        case parameter(Parameter)
    }

    /// A parameter: a value of the input.
    struct Parameter: Sendable {
        fileprivate let path: any PartialKeyPath<Input> & Sendable
        let type: PostgresType
        /// Appends the value.
        let bind: @Sendable (Input, inout Parameters) throws(PostgresError) -> Void
    }

    /// Makes SQL without parameters.
    public init(stringLiteral text: String) {
        parts = [.text(text)]
    }

    /// Makes SQL of the parts of an interpolated string.
    public init(stringInterpolation: StringInterpolation) {
        parts = stringInterpolation.parts
    }

    /// The statement's text with `$1`, `$2`, …, and its parameters in the order of these numbers.
    var numbered: (text: String, parameters: [Parameter]) {
        var text = ""
        var parameters: [Parameter] = []
        for part in parts {
            switch part {
            case .text(let fragment): text += fragment
            case .parameter(let parameter):
                let known = parameters.firstIndex { $0.path == parameter.path }
                if known == nil { parameters.append(parameter) }
                text += "$\(known.map { $0 + 1 } ?? parameters.count)"
            }
        }
        return (text, parameters)
    }
}

extension SQL {
    /// The parts of an interpolated string, as the compiler passes them.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        /// Makes an empty string.
        public init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(2 * interpolationCount + 1)
        }

        /// Appends text of the statement.
        public mutating func appendLiteral(_ literal: String) {
            parts.append(.text(literal))
        }

        /// Appends a parameter, by its key path in the statement's input; `\.self` is the input itself.
        @inlinable
        public mutating func appendInterpolation<Value: PostgresEncodable>(
            _ path: any KeyPath<Input, Value> & Sendable
        ) {
            append(path, Value.postgresType, bind: Self.binding(path))
        }

        /// Appends a part of a statement, with its parameters.
        public mutating func appendInterpolation(_ part: SQL) {
            parts += part.parts
        }

        /// Appends text of the statement. It is not quoted.
        public mutating func appendInterpolation(raw text: some LosslessStringConvertible) {
            parts.append(.text(text.description))
        }

        @usableFromInline
        mutating func append(
            _ path: any PartialKeyPath<Input> & Sendable, _ type: PostgresType,
            bind: @escaping @Sendable (Input, inout Parameters) throws(PostgresError) -> Void
        ) {
            parts.append(.parameter(Parameter(path: path, type: type, bind: bind)))
        }

        @inlinable
        static func binding<Value: PostgresEncodable>(
            _ path: any KeyPath<Input, Value> & Sendable
        ) -> @Sendable (Input, inout Parameters) throws(PostgresError) -> Void {
            { (input: Input, parameters: inout Parameters) throws(PostgresError) -> Void in
                try parameters.append(input[keyPath: path])
            }
        }
    }
}
