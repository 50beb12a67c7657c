/// What can go wrong with a connection. `effect` answers whether it may be tried again.
public enum PostgresError: Error, Sendable, Equatable {
    /// There is no connection: the server was not reached, or it refused. libpq's own words, without secrets.
    case connectionFailed(String)
    /// A value or a text that PostgreSQL cannot hold, found before anything was sent.
    case invalidInput(String)
    /// The server refused a statement. `statement` is its place in a pipeline, from 0.
    case server(ServerMessage, statement: Int?)
    /// The connection broke. `mayHaveCommitted` tells whether a commit was under way.
    case connectionLost(String, mayHaveCommitted: Bool)
    /// The deadline passed. `mayHaveCommitted` tells whether a commit was under way.
    case deadlineExceeded(mayHaveCommitted: Bool)
    /// COMMIT was answered with ROLLBACK: the transaction had failed before.
    case rolledBack
    /// The server committed, and said that a standby may not have it.
    case commitInDoubt(ServerMessage)
    /// An answer that is not what the statement's decoder expects.
    case decoding(String)
}

extension PostgresError {
    /// What became of the work that failed.
    public enum Effect: String, Sendable {
        /// Nothing was sent; it may be tried again once its cause is gone.
        case nothingSent
        /// The server has not applied it, nor will.
        case notApplied
        /// It may have been applied, or may be yet.
        case unknown
    }

    /// What became of the work that failed.
    public var effect: Effect {
        switch self {
        case .connectionFailed, .invalidInput: .nothingSent
        case .server, .rolledBack: .notApplied
        case .connectionLost(_, let mayHaveCommitted), .deadlineExceeded(let mayHaveCommitted):
            mayHaveCommitted ? .unknown : .notApplied
        case .commitInDoubt, .decoding: .unknown
        }
    }

    /// The server's code, if it was the server that refused.
    public var sqlState: SQLState? {
        if case .server(let message, _) = self { message.sqlState } else { nil }
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// One line without statements, values or secrets.
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

    /// Everything, for the log.
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

    /// Any code, one of an application's own for instance.
    public init(_ code: String) {
        self.code = code
    }

    /// The first two characters: the class, of which there are few. It suits labels of metrics.
    public var classCode: String { String(code.prefix(2)) }

    /// The five characters.
    public var description: String { code }

    /// 0A000
    public static let featureNotSupported = SQLState("0A000")
    /// 22P05, a character that the client's or server's encoding does not have
    public static let untranslatableCharacter = SQLState("22P05")
    /// 23503
    public static let foreignKeyViolation = SQLState("23503")
    /// 23505
    public static let uniqueViolation = SQLState("23505")
    /// 23514
    public static let checkViolation = SQLState("23514")
    /// 25006, a write on a standby or in a read-only transaction
    public static let readOnlyTransaction = SQLState("25006")
    /// 26000, the server does not know a prepared statement of this name
    public static let invalidSQLStatementName = SQLState("26000")
    /// 40001
    public static let serializationFailure = SQLState("40001")
    /// 40P01
    public static let deadlockDetected = SQLState("40P01")
    /// 42501
    public static let insufficientPrivilege = SQLState("42501")
    /// 53300
    public static let tooManyConnections = SQLState("53300")
    /// 55P03, a lock was not to be had within `lock_timeout`, or at once
    public static let lockNotAvailable = SQLState("55P03")
    /// 57014, by a cancel or by `statement_timeout`
    public static let queryCanceled = SQLState("57014")
    /// 57P01
    public static let adminShutdown = SQLState("57P01")
    /// 57P02
    public static let crashShutdown = SQLState("57P02")
    /// 57P03
    public static let cannotConnectNow = SQLState("57P03")
}
