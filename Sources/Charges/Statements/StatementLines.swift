/// The lines of a statement's canonical file (docs/statements.md): CSV by RFC 4180 in UTF-8, each line ended by a line
/// feed. A value is quoted if it contains a comma, a quote, a carriage return or a line feed.
package enum StatementLines {
    package static let columns = [
        "event_number", "event", "number", "provider_charge_id", "billing_system_customer_identifier",
        "reference_number", "amount", "currency", "local_currency_amount", "local_currency", "revision",
        "made_by",
        "made_on",
    ]

    /// The first line, with the names of the columns.
    package static let header = line(columns)

    /// Appends an event's line, in place, since a statement has a million of them.
    package static func append(_ event: StatementEvent, to bytes: inout [UInt8]) {
        var isFirst = true
        eachValue(of: event) { value in
            append(value, isFirst: isFirst, to: &bytes)
            isFirst = false
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    package static func line(_ total: StatementTotals.Total) -> [UInt8] { line(values(total)) }

    /// The values of an event's line, in the order of `columns`.
    package static func values(_ event: StatementEvent) -> [String] {
        var values: [String] = []
        values.reserveCapacity(columns.count)
        eachValue(of: event) { values.append($0) }
        return values
    }

    /// Calls the body with each value of an event's line, in the order of `columns`. No array is made of them.
    private static func eachValue(of event: StatementEvent, _ body: (String) -> Void) {
        body(String(event.eventNumber))
        body(event.kind.rawValue)
        body(event.number.string)
        body(event.providerChargeIdentifier?.string ?? "")
        body(event.customerIdentifier.string)
        body(event.referenceNumber?.string ?? "")
        body(event.amount.digits)
        body(event.currency)
        body(event.localCurrencyAmount.digits)
        body(event.localCurrency)
        body(String(event.revision))
        body(event.madeBy)
        body(event.madeOn.text)
    }

    /// The values of a total's line: the count is in the column `number`.
    package static func values(_ total: StatementTotals.Total) -> [String] {
        [
            "TOTAL", total.kind.rawValue, String(total.events), "", "", "", total.amount, total.currency,
            total.localCurrencyAmount, total.localCurrency, "", "", "",
        ]
    }

    /// The last line: the count of events is in the column `number`, the digest in `reference_number`.
    package static func end(events: Int64, digest: [UInt8]) -> [UInt8] {
        line(["END", "", String(events), "", "", Hexadecimal.text(digest), "", "", "", "", "", "", ""])
    }

    private static func line(_ values: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(values, to: &bytes)
        return bytes
    }

    private static func append(_ values: [String], to bytes: inout [UInt8]) {
        for (place, value) in values.enumerated() { append(value, isFirst: place == 0, to: &bytes) }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func append(_ value: String, isFirst: Bool, to bytes: inout [UInt8]) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        var value = value
        value.withUTF8 { append($0, to: &bytes) }
    }

    private static func append(_ value: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        guard value.contains(where: isQuoted) else {
            bytes.append(contentsOf: value)
            return
        }
        let quote = UInt8(ascii: "\"")
        bytes.append(quote)
        for byte in value {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }

    /// Whether a value with this byte is quoted.
    private static func isQuoted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
        default: false
        }
    }
}
