import NIOCore

/// The JSON of one item, into which only digits are put: composing it anew each time would take from the service
/// the time that is to be measured.
struct ItemTemplate {
    private var bytes: [UInt8]
    private let number: Int
    private let customerEnd: Int
    private let referenceEnd: Int
    private let numberEnd: Int

    init(tag: String) {
        let number = "{\"number\":\"\(BenchmarkNames.number(0))"
        let customer = number + "\",\"billing_system_customer_identifier\":\"\(BenchmarkNames.customer(0))"
        let reference = customer + "\",\"reference_number\":\"\(BenchmarkNames.reference(0, tag: tag))"
        bytes = Array((reference + "\"}").utf8)
        self.number = number.utf8.count - BenchmarkNames.number(0).utf8.count
        numberEnd = number.utf8.count
        customerEnd = customer.utf8.count
        referenceEnd = reference.utf8.count
    }

    var length: Int { bytes.count }

    mutating func write(_ item: BenchmarkItem, to buffer: inout ByteBuffer) {
        // No charge's number begins with an X.
        bytes[number] = item.isKnown ? UInt8(ascii: "I") : UInt8(ascii: "X")
        put(item.number, endingAt: numberEnd, width: 8)
        put(item.customer, endingAt: customerEnd, width: 8)
        put(item.reference, endingAt: referenceEnd, width: 10)
        buffer.writeBytes(bytes)
    }

    private mutating func put(_ value: Int, endingAt end: Int, width: Int) {
        var rest = value
        for place in stride(from: end - 1, through: end - width, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
