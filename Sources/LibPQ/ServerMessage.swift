import CLibPQ

/// An error or a notice of the server, with every field that it came with (manual, chapter 55.8).
public struct ServerMessage: Sendable, Equatable {
    /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE`, …, whatever the server's language.
    public var severity: String
    /// What kind of error or notice.
    public var sqlState: SQLState
    /// One line for a person.
    public var message: String
    /// More about it. May hold values out of the database.
    public var detail: String?
    /// What to do about it.
    public var hint: String?
    /// Where in the statement, in characters from 1.
    public var position: Int?
    /// Where in `internalQuery`.
    public var internalPosition: Int?
    /// A statement that the server made itself, in a function for instance.
    public var internalQuery: String?
    /// The call stack of the server's functions.
    public var context: String?
    /// The schema of the thing concerned.
    public var schema: String?
    /// The table concerned.
    public var table: String?
    /// The column concerned.
    public var column: String?
    /// The data type concerned.
    public var dataType: String?
    /// The constraint or unique index that was violated.
    public var constraint: String?
    /// The server's source file.
    public var file: String?
    /// The line in it.
    public var line: Int?
    /// The function in it.
    public var function: String?

    /// Whether the server ends the session with it (manual, table 20.2), whatever the socket's state is yet.
    var endsSession: Bool { severity == "FATAL" || severity == "PANIC" }

    /// Whether it is the warning that a commit did not wait for its synchronous standby. It has no code of its own, and
    /// its text is translated; the source file is the server's `src/backend/replication/syncrep.c`.
    var isOfReplication: Bool { severity == "WARNING" && file == "syncrep.c" }

    /// - Parameter result: A result of an error or a notice; it stays the caller's.
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
    /// The message and its code; nothing that may hold a value out of the database or a statement.
    public var description: String {
        sqlState.code.isEmpty ? message : "\(message) (SQLSTATE \(sqlState))"
    }

    /// Every field that is there, for the log.
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

/// libpq's messages have several lines, and end with a line feed.
func oneLine(_ message: UnsafePointer<CChar>) -> String {
    String(cString: message).split(whereSeparator: \.isNewline)
        .map { $0.drop(while: \.isWhitespace) }
        .joined(separator: " ")
}

/// Takes what the server says besides its answers.
final class NoticeReceiver {
    private let handler: ((ServerMessage) -> Void)?
    private var keepsWarnings = false
    /// The first warning since `keepWarnings`.
    private(set) var firstWarning: ServerMessage?

    init(handler: ((ServerMessage) -> Void)?) {
        self.handler = handler
    }

    /// Begins to keep warnings: those of a COMMIT change what it means.
    func keepWarnings() {
        firstWarning = nil
        keepsWarnings = true
    }

    /// Ends that.
    func dropWarnings() {
        firstWarning = nil
        keepsWarnings = false
    }

    /// What libpq calls (manual, chapter 34.13).
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
