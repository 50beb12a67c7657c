import Charges

/// Charges in COPY's text format (PostgreSQL manual, COPY, "Text Format"): a line each, tabs between the values,
/// `\N` for NULL.
struct CopyBuffer {
    /// How much is sent at a time.
    static let preferredBytes = 64 * 1024

    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(Self.preferredBytes + 4096)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ charge: ImportedCharge) {
        value(String(charge.line), first: true)
        value(charge.operatorCode)
        value(charge.number)
        value(charge.providerChargeIdentifier)
        value(charge.customer)
        value(charge.amount.digits)
        value(charge.currency)
        value(charge.localCurrencyAmount.digits)
        value(charge.localCurrency)
        value(charge.paidThroughDate.text)
        value(charge.receivedOn?.text)
        value(charge.status.rawValue)
        value(charge.processedOn?.text)
        value(charge.decision?.rawValue)
        value(charge.decidedOn?.text)
        value(charge.referenceNumber)
        value(charge.isAcknowledged ? "t" : "f")
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func value(_ text: String?, first: Bool = false) {
        if !first { bytes.append(UInt8(ascii: "\t")) }
        guard let text else {
            bytes.append(contentsOf: "\\N".utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
            default: bytes.append(byte)
            }
        }
    }
}
