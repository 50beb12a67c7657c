package import NIOCore
import Synchronization

/// The source of a load's requests. It runs on the load's event loop, so it must be fast.
package protocol Workload: Sendable {
    /// Writes the bytes of the next request.
    ///
    /// - Returns: The expected result.
    func write(to buffer: inout ByteBuffer) -> ExpectedResult
}

/// The workload of accept and decline calls.
package struct DecisionWorkload: Workload {
    private let series: DecisionSeries
    /// The heads of accept and of decline calls of each operator.
    private let heads: [(accept: String, decline: String)]
    private let item: ItemTemplate

    /// - Parameters:
    ///   - tokens: The token of each operator of the series.
    ///   - tag: The tag in this run's reference numbers.
    package init(_ series: DecisionSeries, target: HTTPTarget, tokens: [String], tag: String) {
        precondition(tokens.count == series.operators.count)
        self.series = series
        heads = tokens.map { token in
            func head(_ call: String) -> String {
                target.head("POST", "netflix/charges/\(call)", authorization: "Bearer \(token)")
            }
            return (head("accept"), head("decline"))
        }
        item = ItemTemplate(tag: tag)
    }

    package func write(to buffer: inout ByteBuffer) -> ExpectedResult {
        let call = series.next()
        let heads = heads[call.operatorIndex]
        let opening: StaticString =
            call.isAccepting ? "{\"accepted_charges_set\":[" : "{\"declined_charges_set\":["
        let count = call.items.count
        let length = opening.utf8CodeUnitCount + count * (item.length + 1) + 1
        buffer.writeString(call.isAccepting ? heads.accept : heads.decline)
        buffer.writeString("\(length)\r\n\r\n")
        buffer.writeStaticString(opening)
        var item = item
        for (index, one) in call.items.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            item.write(one, to: &buffer)
        }
        buffer.writeStaticString("]}")
        return call.expected
    }
}

/// The workload that repeats the same requests in order.
package final class RequestCycle: Workload {
    private let requests: [ByteBuffer]
    private let expected: ExpectedResult
    private let count = Mutex(0)

    /// - Parameter expected: The expected result of each request.
    package init(_ requests: [String], expected: ExpectedResult) {
        precondition(!requests.isEmpty)
        self.requests = requests.map { ByteBuffer(string: $0) }
        self.expected = expected
    }

    package func write(to buffer: inout ByteBuffer) -> ExpectedResult {
        let turn = count.withLock { count in
            defer { count += 1 }
            return count % requests.count
        }
        buffer.writeImmutableBuffer(requests[turn])
        return expected
    }
}

/// The JSON template of one item, in which only digits are replaced. Building the JSON for each item would take CPU
/// time from the service that is measured.
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

/// The expected result of a request.
package struct ExpectedResult: Equatable, Sendable {
    /// The number of items.
    package var items: Int
    /// The number of items that are expected to fail, by the service's code.
    package var failures: [String: Int]
    /// The number of charges that the response must list.
    package var listedCharges: Int

    package init(items: Int, failures: [String: Int] = [:], listedCharges: Int = 0) {
        self.items = items
        self.failures = failures
        self.listedCharges = listedCharges
    }

    /// The number of items that are expected to succeed.
    var decidingItems: Int { items - failures.values.reduce(0, +) }
}

/// An item of a call, given by the counts in its names.
package struct BenchmarkItem: Equatable, Sendable {
    package var number: Int
    package var isKnown = true
    package var customer: Int
    package var reference: Int
}
