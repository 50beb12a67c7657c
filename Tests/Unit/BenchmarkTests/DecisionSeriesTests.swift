import NIOCore
import Testing

@testable import Benchmark

/// Tests of the decision calls that the benchmark makes.
@Suite struct DecisionSeriesTests {
    /// Every visit is a new decision under a new reference number.
    @Test("A key sequence alternates between accept and decline")
    func aWalkAlternates() {
        let keySequence = KeySequence(chargeCount: 5)
        #expect(keySequence.take(3) == .init(first: 1, count: 3, isAccepting: true, firstReference: 1))
        #expect(keySequence.take(3) == .init(first: 4, count: 2, isAccepting: true, firstReference: 4))
        #expect(keySequence.take(3) == .init(first: 1, count: 3, isAccepting: false, firstReference: 6))
        #expect(keySequence.skip(9) == 8)
        #expect(keySequence.take(9) == .init(first: 3, count: 3, isAccepting: false, firstReference: 18))
    }

    @Test(
        "A series contains the requested share of failing items of each kind",
        arguments: [(FailureRate.none, 0), (.tenth, 1), (.all, 10)])
    func asManyItemsFailAsRequested(share: FailureRate, ofEachKind failing: Int) {
        let one = BenchmarkOperator(code: "A", keySequence: KeySequence(chargeCount: 100), failingCharges: 20)
        let series = DecisionSeries(operators: [one], itemsPerCall: 10, failing: share)
        let calls = (0..<3).map { _ in series.next() }
        var failures: [String: Int] = [:]
        for call in calls { failures.merge(call.expected.failures, uniquingKeysWith: +) }
        for kind in FailureKind.allCases {
            #expect(failures[kind.code(isAccepting: true), default: 0] == failing)
        }
        #expect(calls.allSatisfy { $0.items.count == 10 })
        // No charge twice in a call, or it would fail as a duplicate.
        #expect(calls.allSatisfy { call in Set(call.items.map { "\($0.isKnown)\($0.number)" }).count == 10 })
    }

    /// Such a charge is declined, which a decline call is refused for before its reference number is checked.
    @Test("A held reference number fails by the round of its charge")
    func itsRoundDecidesHowAHeldReferenceFails() {
        let one = BenchmarkOperator(code: "A", keySequence: KeySequence(chargeCount: 27), failingCharges: 20)
        let series = DecisionSeries(operators: [one], itemsPerCall: 30, failing: .tenth)
        let code = "CHARGE_DECLINED_UNDER_OTHER_REFERENCE"
        #expect((0..<3).map { _ in series.next().expected.failures[code] } == [nil, 1, nil])
    }

    @Test("A workload's request has path, token, length and body")
    func aRequestIsWhatItsHeadSays() throws {
        let operators = ["A", "B"].map {
            BenchmarkOperator(code: $0, keySequence: KeySequence(chargeCount: 100), failingCharges: 20)
        }
        let workload = DecisionWorkload(
            DecisionSeries(operators: operators, itemsPerCall: 2),
            target: HTTPTarget(host: "h", port: 80), tokens: ["a", "b"], tag: "TAG")
        var buffer = ByteBuffer()
        #expect(workload.write(to: &buffer) == ExpectedResult(items: 2))
        let parts = String(buffer: buffer).split(separator: "\r\n\r\n").map(String.init)
        #expect(parts[0].hasPrefix("POST /crmapi/rest/v2/netflix/charges/accept HTTP/1.1\r\n"))
        #expect(parts[0].contains("\r\nAuthorization: Bearer a\r\n"))
        #expect(parts[0].hasSuffix("\r\nContent-Length: \(parts[1].utf8.count)"))
        #expect(
            parts[1] == """
                {"accepted_charges_set":[\
                {"number":"I00000001","billing_system_customer_identifier":"C00000001",\
                "reference_number":"B-TAG-0000000001"},\
                {"number":"I00000002","billing_system_customer_identifier":"C00000002",\
                "reference_number":"B-TAG-0000000002"}]}
                """)
        buffer.clear()
        _ = workload.write(to: &buffer)
        #expect(String(buffer: buffer).contains("Bearer b"))
    }
}
