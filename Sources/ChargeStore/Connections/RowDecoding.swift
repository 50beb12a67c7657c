import Authentication
import Charges
import LibPQ

/// Reading the domain's types from a row.
extension RowReader {
    mutating func nextTimestamp() throws(PostgresError) -> Timestamp {
        Timestamp(microsecondsSince2000: try next(Int64.self))
    }

    mutating func nextOptionalTimestamp() throws(PostgresError) -> Timestamp? {
        try next(Int64?.self).map(Timestamp.init(microsecondsSince2000:))
    }

    mutating func nextMoney() throws(PostgresError) -> Money {
        guard let money = Money(try next(String.self)) else { throw .decoding("an amount that is no money") }
        return money
    }

    mutating func nextTokenGeneration() throws(PostgresError) -> TokenGeneration {
        let ofOperator = Int(try next(Int32.self))
        return TokenGeneration(ofOperator: ofOperator, ofLogin: Int(try next(Int32.self)))
    }

    mutating func nextStatus() throws(PostgresError) -> ChargeStatus {
        guard let status = ChargeStatus(rawValue: try next(String.self)) else {
            throw .decoding("a charge status that this build does not know")
        }
        return status
    }
}
