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
    /// 22P05, a character that the client's or server's encoding does not have
    public static let untranslatableCharacter = SQLState("22P05")
    /// 23503, a violation of a foreign key
    public static let foreignKeyViolation = SQLState("23503")
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
    /// 42501, a missing privilege
    public static let insufficientPrivilege = SQLState("42501")
    /// 55P03, a lock that was not available within `lock_timeout`, or at once
    public static let lockNotAvailable = SQLState("55P03")
    /// 57014, a cancel by request or by `statement_timeout`
    public static let queryCanceled = SQLState("57014")
    /// 57P01, a shutdown of the server by its administrator
    public static let adminShutdown = SQLState("57P01")
}

extension SQLState {
    /// What can be done so that refused work succeeds.
    public enum Remedy: Sendable {
        /// To run the same transaction again: another one was in its way, or its session or server ended.
        case runAgain
        /// To wait until the server has again what it lacks, such as space, or until an administrator has acted.
        case wait
        /// To change the statement, its values, the schema or the rights: the same work would be refused again.
        case change
        /// To find out what became of the work: the code says that this is not known.
        case resolve
    }

    /// The remedy for a statement that was refused with this code. Codes that are not listed count as their class
    /// does, so that a code of a later PostgreSQL has a meaning as well.
    public var remedy: Remedy {
        Self.remedies[code] ?? Self.remediesOfClasses[classCode] ?? .change
    }

    private static let remediesOfClasses: [String: Remedy] = [
        "08": .resolve,  // connection exception: of a pooler, or of a server behind the server
        "28": .wait,  // invalid authorization: a login that an administrator has to admit
        "3D": .wait,  // a database that is not there
        "40": .runAgain,  // transaction rollback
        "53": .wait,  // insufficient resources: disk, memory, connections
        "57": .runAgain,  // operator intervention: the session or the server ends or begins
        "58": .wait,  // system error: input, output, files
        "72": .runAgain,  // snapshot too old
        "F0": .wait,  // the server's configuration file
    ]

    /// The codes that do not count as their class does.
    private static let remedies: [String: Remedy] = [
        "25006": .runAgain,  // a read-only transaction: the primary is another server now
        "25P03": .runAgain,  // idle_in_transaction_session_timeout ended the session
        "25P04": .wait,  // transaction_timeout ended the session
        "26000": .runAgain,  // a prepared statement that the session has lost
        "40002": .change,  // an integrity constraint, found at the COMMIT
        "40003": .resolve,  // statement completion unknown
        "55006": .wait,  // an object that is in use
        "55P03": .runAgain,  // a lock that was not available in time
        "57014": .wait,  // a statement that was cancelled, at its deadline as a rule
    ]
}
