import CLibPQ

/// An error or a notice of the server, with all of its fields (manual, chapter 55.8).
public struct ServerMessage: Sendable, Equatable {
    /// The severity: `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE`, …, whatever the server's language.
    public var severity: String
    /// The code of the error or notice.
    public var sqlState: SQLState
    /// The message itself, one line for a person.
    public var message: String
    /// Details, which may hold values from the database.
    public var detail: String?
    /// A suggestion what to do about it.
    public var hint: String?
    /// The position in the statement, in characters from 1.
    public var position: Int?
    /// The position in `internalQuery`, in characters from 1.
    public var internalPosition: Int?
    /// A statement that the server made itself, for example in a function.
    public var internalQuery: String?
    /// The call stack of the server's functions.
    public var context: String?
    /// The schema that the message is about.
    public var schema: String?
    /// The table that the message is about.
    public var table: String?
    /// The column that the message is about.
    public var column: String?
    /// The data type that the message is about.
    public var dataType: String?
    /// The constraint or unique index that was violated.
    public var constraint: String?
    /// The server's source file that reported it.
    public var file: String?
    /// The line in that file.
    public var line: Int?
    /// The function in that file.
    public var function: String?

    /// Whether the server ends the session with this message (manual, table 20.2), whatever the socket's state is yet.
    var endsSession: Bool { severity == "FATAL" || severity == "PANIC" }

    /// Whether this is the warning that a commit did not wait for its synchronous standby. It has no code of its own,
    /// and its text is translated; its source file is the server's `src/backend/replication/syncrep.c`.
    var isOfReplication: Bool { severity == "WARNING" && file == "syncrep.c" }

    /// What became of the work that an error answered.
    ///
    /// A server that refuses a statement has rolled its transaction back, or does so before it takes another one. Its
    /// own messages name its source file. A message without one is a pooler's, which may have lost the server's answer
    /// to a COMMIT.
    var effect: PostgresError.Effect {
        file == nil || sqlState.remedy == .resolve ? .unknown : .notApplied
    }

    /// Makes a message with the fields that every message has.
    public init(severity: String, sqlState: SQLState, message: String) {
        self.severity = severity
        self.sqlState = sqlState
        self.message = message
    }

    /// - Parameter result: A result that is an error or a notice; the caller still owns it.
    init(_ result: OpaquePointer) {
        func field(_ code: countersign_field) -> String? {
            PQresultErrorField(result, Int32(code.rawValue)).map { String(cString: $0) }
        }
        severity = field(COUNTERSIGN_SEVERITY) ?? "ERROR"
        sqlState = SQLState(field(COUNTERSIGN_SQLSTATE) ?? "")
        message = field(COUNTERSIGN_MESSAGE) ?? oneLine(PQresultErrorMessage(result))
        detail = field(COUNTERSIGN_DETAIL)
        hint = field(COUNTERSIGN_HINT)
        position = field(COUNTERSIGN_POSITION).flatMap { Int($0) }
        internalPosition = field(COUNTERSIGN_INTERNAL_POSITION).flatMap { Int($0) }
        internalQuery = field(COUNTERSIGN_INTERNAL_QUERY)
        context = field(COUNTERSIGN_CONTEXT)
        schema = field(COUNTERSIGN_SCHEMA)
        table = field(COUNTERSIGN_TABLE)
        column = field(COUNTERSIGN_COLUMN)
        dataType = field(COUNTERSIGN_DATA_TYPE)
        constraint = field(COUNTERSIGN_CONSTRAINT)
        file = field(COUNTERSIGN_FILE)
        line = field(COUNTERSIGN_LINE).flatMap { Int($0) }
        function = field(COUNTERSIGN_FUNCTION)
    }
}

extension ServerMessage: CustomStringConvertible, CustomDebugStringConvertible {
    /// The message and its code, without anything that may hold a value from the database or a statement.
    public var description: String {
        sqlState.code.isEmpty ? message : "\(message) (SQLSTATE \(sqlState))"
    }

    /// Every field that is set, for the log.
    public var debugDescription: String {
        var text = "\(severity): \(description)"
        let fields: [(String, String?)] = [
            ("detail", detail), ("hint", hint), ("position", position.map(String.init)),
            ("internal position", internalPosition.map(String.init)), ("internal query", internalQuery),
            ("context", context), ("schema", schema), ("table", table), ("column", column),
            ("data type", dataType), ("constraint", constraint), ("file", file),
            ("line", line.map(String.init)), ("function", function),
        ]
        for case (let name, let value?) in fields { text += "; \(name): \(value)" }
        return text
    }
}

/// Joins the lines of a message of libpq's, which has several and ends with a line feed.
func oneLine(_ message: UnsafePointer<CChar>) -> String {
    String(cString: message).split(whereSeparator: \.isNewline)
        .map { $0.drop(while: \.isWhitespace) }
        .joined(separator: " ")
}

/// The receiver of the server's notices and warnings.
final class NoticeReceiver {
    private let handler: ((ServerMessage) -> Void)?
    private var keepsWarnings = false
    /// The first warning since `keepWarnings` was called.
    private(set) var firstWarning: ServerMessage?

    init(handler: ((ServerMessage) -> Void)?) {
        self.handler = handler
    }

    /// Begins to keep warnings: the warnings of a COMMIT change its meaning.
    func keepWarnings() {
        firstWarning = nil
        keepsWarnings = true
    }

    /// Drops the kept warnings, and keeps no more.
    func dropWarnings() {
        firstWarning = nil
        keepsWarnings = false
    }

    /// The callback for libpq (manual, chapter 34.13).
    static let receive: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?) -> Void = {
        receiver, result in
        guard let receiver, let result else { return }
        Unmanaged<NoticeReceiver>.fromOpaque(receiver).takeUnretainedValue().take(ServerMessage(result))
    }

    private func take(_ message: ServerMessage) {
        if keepsWarnings, firstWarning == nil, message.severity == "WARNING" { firstWarning = message }
        handler?(message)
    }
}
