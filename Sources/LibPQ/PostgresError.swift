/// An error of a connection. Its `effect` says whether the work may be tried again.
public enum PostgresError: Error, Sendable, Equatable {
    /// The connection could not be made: the server was not reached, or it refused. The reason is libpq's own words,
    /// without secrets.
    case connectionFailed(String)
    /// A value or a string cannot be stored in PostgreSQL; nothing was sent.
    case invalidInput(String)
    /// The server refused a statement. `statement` is the statement's index in a pipeline, from 0.
    case server(ServerMessage, statement: Int?)
    /// The connection broke. `mayHaveCommitted` says whether a commit was under way.
    case connectionLost(String, mayHaveCommitted: Bool)
    /// The deadline passed. `mayHaveCommitted` says whether a commit was under way.
    case deadlineExceeded(mayHaveCommitted: Bool)
    /// The server answered COMMIT with ROLLBACK: the transaction had failed before.
    case rolledBack
    /// The server committed, and warned that a standby may not have the commit.
    case commitInDoubt(ServerMessage)
    /// The answer is not what the statement's decoder expects.
    case decoding(String)
}

extension PostgresError {
    /// The effect of the work that failed.
    public enum Effect: String, Sendable {
        /// Nothing was sent. The work may be tried again once the cause is gone.
        case nothingSent
        /// The server has not applied the work, nor will it.
        case notApplied
        /// The server may have applied the work, or may do so yet.
        case unknown
    }

    /// The effect of the work that failed.
    public var effect: Effect {
        switch self {
        case .connectionFailed, .invalidInput: .nothingSent
        case .server, .rolledBack: .notApplied
        case .connectionLost(_, let mayHaveCommitted), .deadlineExceeded(let mayHaveCommitted):
            mayHaveCommitted ? .unknown : .notApplied
        case .commitInDoubt, .decoding: .unknown
        }
    }

    /// The server's code; `nil` unless the server refused.
    public var sqlState: SQLState? {
        if case .server(let message, _) = self { message.sqlState } else { nil }
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// One line for users, without statements, values or secrets.
    public var description: String {
        switch self {
        case .connectionFailed(let reason): reason
        case .invalidInput(let reason): reason
        case .server(let message, _): message.description
        case .connectionLost(let reason, _): "the connection to the database was lost: \(reason)"
        case .deadlineExceeded: "the database did not answer in time"
        case .rolledBack: "the transaction had failed and was rolled back"
        case .commitInDoubt(let message): "the commit may not be on a standby: \(message)"
        case .decoding(let reason): "the database gave an unexpected answer: \(reason)"
        }
    }

    /// The complete error, for the log.
    public var debugDescription: String {
        switch self {
        case .server(let message, let statement):
            statement.map { "statement \($0): \(message.debugDescription)" } ?? message.debugDescription
        case .commitInDoubt(let message): "commit in doubt: \(message.debugDescription)"
        default: description
        }
    }
}

/// PostgreSQL's five-character code of an error or a notice (manual, appendix A).
public struct SQLState: Hashable, Sendable, CustomStringConvertible {
    /// The five characters.
    public let code: String

    /// Makes a code from its five characters, for example one of an application's own.
    public init(_ code: String) {
        self.code = code
    }

    /// The class of the code, its first two characters. There are few classes, so they suit labels of metrics.
    public var classCode: String { String(code.prefix(2)) }

    /// The five characters.
    public var description: String { code }

    /// 0A000, a feature that the server does not support
    public static let featureNotSupported = SQLState("0A000")
    /// 23505, a violation of a unique constraint
    public static let uniqueViolation = SQLState("23505")
    /// 23514, a violation of a check constraint
    public static let checkViolation = SQLState("23514")
    /// 25006, a write on a standby or in a read-only transaction
    public static let readOnlyTransaction = SQLState("25006")
    /// 26000, a prepared statement that the server does not know
    public static let invalidSQLStatementName = SQLState("26000")
    /// 40001, a serialization failure
    public static let serializationFailure = SQLState("40001")
    /// 40P01, a deadlock
    public static let deadlockDetected = SQLState("40P01")
    /// 53300, no free connection on the server
    public static let tooManyConnections = SQLState("53300")
    /// 55P03, a lock that was not available within `lock_timeout`, or at once
    public static let lockNotAvailable = SQLState("55P03")
    /// 57014, a cancel by request or by `statement_timeout`
    public static let queryCanceled = SQLState("57014")
    /// 57P01, a shutdown of the server by its administrator
    public static let adminShutdown = SQLState("57P01")
    /// 57P02, a shutdown of the server after a crash
    public static let crashShutdown = SQLState("57P02")
    /// 57P03, a server that takes no connections at the moment
    public static let cannotConnectNow = SQLState("57P03")
}
