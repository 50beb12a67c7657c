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
