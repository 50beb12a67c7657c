/// What can go wrong with a connection. `effect` answers whether it may be tried again.
public enum PostgresError: Error, Sendable, Equatable {
    /// There is no connection: the server was not reached, or it refused. libpq's own words, without secrets.
    case connectionFailed(String)
    /// A value or a text that PostgreSQL cannot hold, found before anything was sent.
    case unsendable(String)
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
        case .connectionFailed, .unsendable: .nothingSent
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
        case .unsendable(let reason): reason
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
