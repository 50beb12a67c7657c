import Authentication
import Charges
import LibPQ

// The domain's types as values of PostgreSQL: parameters of statements, and columns of rows.

extension OperatorIdentifier: PostgresCodable, PostgresArrayElement {
    static var postgresType: PostgresType { .int8 }

    func encode(into bytes: inout [UInt8]) { value.encode(into: &bytes) }

    static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> OperatorIdentifier? {
        Int64.decode(bytes, oid: oid).map(OperatorIdentifier.init)
    }
}

extension ExactText: PostgresCodable, PostgresArrayElement {
    static var postgresType: PostgresType { .text }

    func encode(into bytes: inout [UInt8]) throws(PostgresEncodingError) {
        try string.encode(into: &bytes)
    }

    static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> ExactText? {
        String.decode(bytes, oid: oid).map { ExactText($0) }
    }
}

/// A `timestamptz`, or a `timestamp` in UTC. The lowest and the highest value are its infinities.
extension Timestamp: PostgresCodable, PostgresArrayElement {
    static var postgresType: PostgresType { .timestamptz }

    func encode(into bytes: inout [UInt8]) { microsecondsSince2000.encode(into: &bytes) }

    static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Timestamp? {
        Int64.decode(bytes, oid: oid).map(Timestamp.init(microsecondsSince2000:))
    }
}

/// An amount as `text`, digit for digit: a statement casts it from and to `numeric`.
extension Money: PostgresCodable, PostgresArrayElement {
    static var postgresType: PostgresType { .text }

    func encode(into bytes: inout [UInt8]) throws(PostgresEncodingError) {
        try digits.encode(into: &bytes)
    }

    static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Money? {
        String.decode(bytes, oid: oid).flatMap { Money($0) }
    }
}

// Texts, by their raw values. A value that this build does not know is refused.
extension AccountRefusal: PostgresCodable {}
extension ActivityChannel: PostgresCodable {}
extension ActivityKind: PostgresCodable {}
extension ChargeAction: PostgresCodable, PostgresArrayElement {}
extension ChargeStatus: PostgresCodable, PostgresArrayElement {}
extension Decision: PostgresCodable {}
extension DecisionFilter: PostgresCodable {}
extension ErrorStatusPolicy: PostgresCodable {}
extension EventKind: PostgresCodable, PostgresArrayElement {}
extension ItemFailureCode: PostgresCodable, PostgresArrayElement {}
extension NodeStatus.DatabaseRole: PostgresCodable {}
extension ProcessingCall.Action: PostgresEncodable {}
extension ProviderFailureCode: PostgresCodable, PostgresArrayElement {}
extension Role: PostgresCodable {}
extension SigningKeySummary.State: PostgresCodable {}
extension UndecidedPolicy: PostgresCodable {}

extension RowReader {
    /// Reads the token generations of an operator and of one of its users or keys.
    mutating func nextTokenGeneration() throws(PostgresError) -> TokenGeneration {
        TokenGeneration(ofOperator: try next(), ofLogin: try next())
    }
}
