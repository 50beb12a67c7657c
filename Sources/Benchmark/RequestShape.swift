/// What a request asks for, as far as counting goes.
package struct RequestShape: Equatable, Sendable {
    /// Its items in all.
    package var items: Int
    /// How many of them are meant to fail, by the service's code.
    package var failures: [String: Int]
    /// How many charges the answer is to list.
    package var listedCharges: Int

    package init(items: Int, failures: [String: Int] = [:], listedCharges: Int = 0) {
        self.items = items
        self.failures = failures
        self.listedCharges = listedCharges
    }

    /// How many of its items are meant to succeed.
    var decidingItems: Int { items - failures.values.reduce(0, +) }
}
