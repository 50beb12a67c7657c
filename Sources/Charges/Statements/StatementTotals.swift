/// The totals of a statement: count and sums by kind of event and pair of currencies.
package struct StatementTotals: Sendable {
    /// One total.
    package struct Total: Sendable {
        package let kind: EventKind
        package let currency: String
        package let localCurrency: String
        package var events: Int64
        package var amount: String
        package var localCurrencyAmount: String

        package init(
            kind: EventKind, currency: String, localCurrency: String, events: Int64, amount: String,
            localCurrencyAmount: String
        ) {
            self.kind = kind
            self.currency = currency
            self.localCurrency = localCurrency
            self.events = events
            self.amount = amount
            self.localCurrencyAmount = localCurrencyAmount
        }
    }

    private struct Key: Hashable, Comparable {
        let kind: EventKind
        let currency: String
        let localCurrency: String

        static func < (left: Key, right: Key) -> Bool {
            (left.kind, left.currency, left.localCurrency) < (right.kind, right.currency, right.localCurrency)
        }
    }

    private struct Sums {
        var events: Int64 = 0
        var amount = ExactSum()
        var localCurrencyAmount = ExactSum()

        mutating func add(_ event: StatementEvent) {
            events += 1
            amount.add(event.amount)
            localCurrencyAmount.add(event.localCurrencyAmount)
        }
    }

    private var sums: [Key: Sums] = [:]

    package init() {}

    package mutating func add(_ event: StatementEvent) {
        let key = Key(kind: event.kind, currency: event.currency, localCurrency: event.localCurrency)
        sums[key, default: Sums()].add(event)
    }

    /// The totals in the order of the file: by kind of event, then by the currencies, which are ASCII.
    package var all: [Total] {
        sums.sorted { $0.key < $1.key }.map { key, sums in
            Total(
                kind: key.kind, currency: key.currency, localCurrency: key.localCurrency, events: sums.events,
                amount: sums.amount.description, localCurrencyAmount: sums.localCurrencyAmount.description)
        }
    }
}
