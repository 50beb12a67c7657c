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
        append(values(event), to: &bytes)
    }

    package static func line(_ total: StatementTotals.Total) -> [UInt8] { line(values(total)) }

    /// The values of an event's line, in the order of `columns`.
    package static func values(_ event: StatementEvent) -> [String] {
        [
            String(event.eventNumber), event.kind.rawValue, event.number.string,
            event.providerChargeIdentifier?.string ?? "", event.customerIdentifier.string,
            event.referenceNumber?.string ?? "", event.amount.digits, event.currency,
            event.localCurrencyAmount.digits, event.localCurrency, String(event.revision), event.madeBy,
            event.madeOn.text,
        ]
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
        for (place, value) in values.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            var value = value
            value.withUTF8 { append($0, to: &bytes) }
        }
        bytes.append(UInt8(ascii: "\n"))
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
