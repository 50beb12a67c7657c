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
        case .server(let message, _): message.effect
        case .rolledBack: .notApplied
        case .connectionLost(_, let mayHaveCommitted), .deadlineExceeded(let mayHaveCommitted):
            mayHaveCommitted ? .unknown : .notApplied
        case .commitInDoubt, .decoding: .unknown
        }
    }

    /// The remedy for the work that failed: what can be done so that it succeeds.
    public var remedy: SQLState.Remedy {
        if effect == .unknown { return .resolve }
        return switch self {
        case .invalidInput: .change
        case .deadlineExceeded: .wait
        case .server(let message, _): message.sqlState.remedy
        default: .runAgain
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
