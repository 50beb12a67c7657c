/// What pgbench printed at its end.
package struct PgbenchOutput: Equatable, Sendable {
    package let transactions: Int
    package let transactionsPerSecond: Double

    /// - Returns: `nil` if this is not what pgbench prints when all went well.
    package init?(_ text: String) {
        func number(after name: String) -> Double? {
            text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { line in
                Double(line.dropFirst(name.count).prefix { $0.isNumber || $0 == "." })
            }
        }
        guard let transactions = number(after: "number of transactions actually processed: "),
            let rate = number(after: "tps = "),
            number(after: "number of failed transactions: ") ?? 0 == 0
        else { return nil }
        self.transactions = Int(transactions)
        transactionsPerSecond = rate
    }
}
