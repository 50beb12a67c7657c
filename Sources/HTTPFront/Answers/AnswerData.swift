/// The `data` of an answer.
enum AnswerData: Sendable {
    case value(JSONValue)
    /// JSON that is written already: a long answer makes no tree.
    case written([UInt8])

    /// `{}`
    static let nothing = object([])

    static func object(_ members: [JSONValue.Member]) -> AnswerData { .value(.object(members)) }

    /// Whether it is `{}`.
    var isNothing: Bool {
        guard case .value(.object(let members)) = self else { return false }
        return members.isEmpty
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .value(let value): value.write(to: &writer)
        case .written(let json): writer.written(json)
        }
    }
}
