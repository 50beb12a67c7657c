/// How the benchmark's charges are called. All names of a kind are of one length, so that a request's length
/// depends on the number of its items alone.
package enum BenchmarkNames {
    /// `I00000001`
    package static func number(_ charge: Int) -> String { "I" + padded(charge, 8) }
    /// `C00000001`: each charge has a customer of its own.
    package static func customer(_ charge: Int) -> String { "C" + padded(charge, 8) }
    /// `B-TAG-0000000001`
    package static func reference(_ count: Int, tag: String) -> String { "B-\(tag)-" + padded(count, 10) }

    /// The charge that took the reference number with the count 0, and which is decided by nobody else.
    package static let referenceHolder = 0
    /// The most charges of one operator, those included that are never decided.
    package static let maximumCharges = 99_999_999

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
