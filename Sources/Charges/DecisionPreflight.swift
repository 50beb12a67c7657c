/// The rules that need no database, applied to a call before it is sent there.
///
/// They stand first in the order of the failures but for two: a number that cannot exist is not found, and a
/// customer that cannot exist is a mismatch, which is for the database to say, since only it knows whether
/// the charge is there.
package struct DecisionPreflight: Sendable {
    /// The outcome of each item that is settled already, `nil` for those that the database must judge.
    package let settled: [ItemFailure?]

    package init(_ items: [DecisionItem]) {
        var numbers = Set<ExactText>(minimumCapacity: items.count)
        var repeated: Set<ExactText> = []
        for item in items where !numbers.insert(item.number).inserted { repeated.insert(item.number) }
        settled = items.map { item in
            if !repeated.isEmpty, repeated.contains(item.number) {
                return ItemFailure(.duplicateInRequest)
            }
            if let reference = item.referenceNumber, !ReferenceNumber.isValid(reference) {
                return ItemFailure(.invalidReferenceNumber)
            }
            return DecisionItem.canExist(item.number) ? nil : ItemFailure(.chargeNotFound)
        }
    }
}
