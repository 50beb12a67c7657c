import Charges
import HTTPTypes
import Logging
import Telemetry
import Testing

@testable import HTTPFront

/// Tests of the counts of calls, and of `/metrics`.
@Suite struct MetricsTests {
    private struct FakeGaugeSource: GaugeSource {
        func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
            [Gauge(.oldestUndecidedSeconds, value: 61.5)]
        }
    }

    @Test("The page is plain text with the gauges")
    func thePageIsPlainTextWithTheGauges() async throws {
        let front = TestServerFixture(internalSide: true, gauges: GaugeSources([FakeGaugeSource()]))
        let answer = try await front.send(.get, "/metrics")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.headers[.requestIdentifier] != nil)
        #expect(answer.body.contains("\ncountersign_oldest_undecided_seconds 61.5\n"))
        #expect(front.log.lines.map(\.level) == [.debug])
    }

    @Test("The operators' listener has no metrics")
    func operatorsCannotReadIt() async throws {
        #expect(try await TestServerFixture().send(.get, "/metrics").status == 404)
    }

    @Test("Calls and items are counted by call and code")
    func callsAndItemsAreCountedByNameAndCode() async throws {
        let front = TestServerFixture()
        let items = [
            BodyFixture.item("N1", "c"), BodyFixture.item("N2", "c", reference: " "),
            BodyFixture.item("N3", "c"),
        ]
        _ = try await front.accept(BodyFixture.charges("[\(items.joined(separator: ","))]"))
        _ = try await front.accept(BodyFixture.charges("[]"))
        let page = front.metrics.page([])
        let name = "call=\"netflix/charges/accept\""
        for line in [
            "countersign_calls_total{\(name),code=\"OK\",http_status=\"200\"} 1",
            "countersign_calls_total{\(name),code=\"MISSING_PARAMETER\",http_status=\"400\"} 1",
            "countersign_items_total{\(name),result=\"OK\"} 2",
            "countersign_items_total{\(name),result=\"INVALID_REFERENCE_NUMBER\"} 1",
            "countersign_call_seconds_count{\(name)} 2",
        ] { #expect(page.contains("\n\(line)\n"), "\(line)") }
    }

    @Test("Nothing that a client sends becomes a label")
    func nothingThatAClientSaysIsALabel() async throws {
        let front = TestServerFixture()
        let headers: HTTPFields = [.requestIdentifier: "made-up"]
        _ = try await front.send(.get, "/made-up?token=made-up", headers: headers)
        _ = try await front.send(
            HTTPRequest.Method("MADE-UP")!, TestServerFixture.acceptPath, headers: headers)
        _ = try await front.accept(BodyFixture.charges("[\(BodyFixture.item("made-up", "made-up"))]"))
        let page = front.metrics.page([])
        #expect(!page.contains("made-up"))
        #expect(!page.contains("acme"))
        #expect(page.contains("calls_total{call=\"none\",code=\"NOT_FOUND\",http_status=\"404\"} 1"))
    }
}
