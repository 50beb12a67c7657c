/// How the benchmark's charges are called. All names of a kind are of one length, so that a request's length
/// depends on the number of its items alone.
package enum BenchmarkNames {
    /// `I00000001`
    package static func number(_ charge: Int) -> String { "I" + padded(charge, 8) }
    /// `C00000001`: each charge has a customer of its own.
    package static func customer(_ charge: Int) -> String { "C" + padded(charge, 8) }
    /// `B-TAG-0000000001`
    package static func reference(_ count: Int, tag: String) -> String { "B-\(tag)-" + padded(count, 10) }

    /// The count of the reference number that a charge has which holds one. Walks never come so far.
    package static func heldReference(ofCharge charge: Int) -> Int { 9_000_000_000 + charge }

    /// The count of the reference number of an item that is meant to fail, of which there were so many before.
    static func failingReference(_ failure: Int) -> Int { 8_000_000_000 + failure % 1_000_000_000 }

    /// What tells one run's names from those of others.
    package static func randomTag() -> String {
        String((0..<6).map { _ in tagAlphabet.randomElement() ?? "X" })
    }

    /// Without what looks alike.
    private static let tagAlphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
