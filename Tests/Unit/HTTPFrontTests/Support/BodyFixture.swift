/// Bodies of calls that accept.
enum BodyFixture {
    /// A body with this array, or whatever else, as its charges.
    static func charges(_ set: String) -> String {
        #"{"accepted_charges_set": \#(set)}"#
    }

    /// A body with so many good charges: N1 of customer c1, N2 of c2 and so on.
    static func charges(count: Int) -> String {
        charges("[" + (0..<count).map { item("N\($0 + 1)", "c\($0 + 1)") }.joined(separator: ", ") + "]")
    }

    /// A charge; the texts stand in it as they are, so that they may hold escapes.
    static func item(_ number: String, _ customer: String, reference: String? = nil) -> String {
        let last = reference.map { #", "reference_number": "\#($0)""# } ?? ""
        return #"{"number": "\#(number)", "billing_system_customer_identifier": "\#(customer)"\#(last)}"#
    }
}
